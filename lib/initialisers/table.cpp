#include "spec/table.hpp"
#include "initialisers/initialiser.hpp"

#define INITIALISERS(X) \
  X(glorot_uniform)     \
  X(glorot_normal)      \
  X(he_uniform)         \
  X(he_normal)          \
  X(lecun_uniform)      \
  X(lecun_normal)       \
  X(orthogonal)         \
  X(dirac)              \
  X(zeros)              \
  X(ones)               \
  X(constant)           \
  X(normal)             \
  X(uniform)

namespace bpnet {
BPNET_TABLE(initialisers, "initialiser", "initialisers", initialiser_entries, INITIALISERS)
}
