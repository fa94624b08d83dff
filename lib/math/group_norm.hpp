#pragma once
// Normalisation of images by groups of channels (Wu and He 2018). Channels lie last.

#include <cstddef>

#include "core/shape.hpp"

namespace bpnet::math {

struct GroupNormShape {
  int samples = 0, pixels = 0, channels = 0, groups = 1;
  Real epsilon = 0;
  std::size_t statistics() const {  // a mean and a factor a sample and group
    return 2 * static_cast<std::size_t>(samples) * static_cast<std::size_t>(groups);
  }
  std::size_t scratch() const {  // elements for the backward pass
    return 2 * static_cast<std::size_t>(samples) * static_cast<std::size_t>(channels);
  }
};

/// scale and shift (channels) may be null.
void group_norm(const GroupNormShape& s, const Real* x, const Real* scale, const Real* shift, Real* y,
                Real* statistics);
/// dx is assigned unless it is null; dscale and dshift are added to unless they are null.
void group_norm_backward(const GroupNormShape& s, const Real* x, const Real* dy, const Real* scale,
                         const Real* statistics, Real* dx, Real* dscale, Real* dshift, Real* scratch);

}  // namespace bpnet::math
