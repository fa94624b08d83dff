#pragma once
// The greatest and the mean of windows over images whose channels lie last. Places outside of the image are
// left out.

#include "math/window.hpp"

namespace bpnet::math {

struct PoolShape {
  int samples = 0;
  Window window;
  int channels = 1;
};

/// y (samples, places, channels) from x (samples, pixels, channels).
void max_pool(const PoolShape& s, const Real* x, Real* y, const ImageKernels& kernels = image_kernels());
/// dx is assigned; each gradient goes to the first of its window's greatest.
void max_pool_backward(const PoolShape& s, const Real* x, const Real* dy, Real* dx,
                       const ImageKernels& kernels = image_kernels());
void average_pool(const PoolShape& s, const Real* x, Real* y, const ImageKernels& kernels = image_kernels());
void average_pool_backward(const PoolShape& s, const Real* dy, Real* dx,
                           const ImageKernels& kernels = image_kernels());

}  // namespace bpnet::math
