#include "spec/table.hpp"
#include "averages/average.hpp"

#define AVERAGES(X) \
  X(ema)            \
  X(swa)

namespace bpnet {
BPNET_TABLE(averages, "average", "averages", average_entries, AVERAGES)
}
