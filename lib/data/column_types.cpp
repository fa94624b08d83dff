#include "data/column_type.hpp"
#include "spec/table.hpp"

#define COLUMN_TYPES(X) \
  X(number)             \
  X(category)           \
  X(date)               \
  X(text)               \
  X(sequence)           \
  X(image)

namespace bpnet {
BPNET_TABLE(column_types, "column type", "columns", column_type_entries, COLUMN_TYPES)
}
