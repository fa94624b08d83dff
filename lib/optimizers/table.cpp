#include "spec/table.hpp"
#include "optimizers/optimizer.hpp"

#define OPTIMIZERS(X) \
  X(sgd)              \
  X(rmsprop)          \
  X(adam)             \
  X(adamw)

namespace bpnet {
BPNET_TABLE(optimizers, "optimizer", "optimizers", optimizer_entries, OPTIMIZERS)
}
