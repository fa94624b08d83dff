#pragma once
// The share of mixtures.

#include "augmentations/augmentation.hpp"

namespace bpnet {

/// Drawn from Beta(alpha, alpha), which is even on both sides of 1/2. Takes random numbers from `element` on.
double mixing_share(double alpha, const Chance& chance, std::uint64_t element);

}  // namespace bpnet
