#include "spec/table.hpp"
#include "optimizers/optimizer.hpp"

#define OPTIMIZERS(X) \
  X(sgd)              \
  X(rmsprop)          \
  X(adam)             \
  X(adamw)            \
  X(nadam)            \
  X(radam)            \
  X(adagrad)          \
  X(adadelta)         \
  X(lion)             \
  X(rprop)            \
  X(lbfgs)            \
  X(muon)             \
  X(lookahead)        \
  X(sam)

namespace bpnet {
BPNET_TABLE(optimizers, "optimizer", "optimizers", optimizer_entries, OPTIMIZERS)
}
