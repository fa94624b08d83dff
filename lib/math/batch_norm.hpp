#pragma once
// Batch normalisation (Ioffe and Szegedy 2015) of rows by columns; images are rows of channels.

#include <cstddef>
#include <optional>

#include "math/window.hpp"

namespace bpnet::math {

/// out = (in - mean) / sqrt(variance + epsilon) * scale + shift, and the rectified of that if `relu`, and of
/// that the greatest of each window if there is a `pool`, which has to tile the images. scale and shift
/// (width) may be null. Behind all arrays 64 bytes can be read.
struct BatchNorm {
  int rows = 0, width = 0;
  Real epsilon = 0;
  bool relu = false;
  const Real *scale = nullptr, *shift = nullptr;
  std::optional<Window> pool = {};
  std::size_t scratch() const;  // numbers
  std::size_t saved() const { return 5 * static_cast<std::size_t>(width); }
};

/// With statistics of the batch. `saved` (5, width): mean, 1 / deviation, biased variance, and what the
/// backward pass needs.
void batch_norm(const BatchNorm& s, const Real* in, Real* out, Real* saved, Real* scratch,
                const ImageKernels& kernels = image_kernels());
/// din is assigned (null: not wanted), and may be dout where there is no pool; dscale and dshift (width) are
/// added to (null: not wanted).
void batch_norm_backward(const BatchNorm& s, const Real* in, const Real* dout, const Real* saved, Real* din,
                         Real* dscale, Real* dshift, Real* scratch,
                         const ImageKernels& kernels = image_kernels());
/// With running statistics; `scratch`: 2 * width numbers.
void batch_norm_inference(const BatchNorm& s, const Real* in, const Real* mean, const Real* variance,
                          Real* out, Real* scratch, const ImageKernels& kernels = image_kernels());
/// The statistics are constants; din is assigned. `scratch`: 3 * width numbers.
void batch_norm_inference_backward(const BatchNorm& s, const Real* in, const Real* dout, const Real* mean,
                                   const Real* variance, Real* din, Real* scratch,
                                   const ImageKernels& kernels = image_kernels());

}  // namespace bpnet::math
