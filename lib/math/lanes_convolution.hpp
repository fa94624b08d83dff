#pragma once
// A convolution of few channels, a rectifier and the greatest of windows in one: the samples of a batch lie
// along the vectors, so that few channels fill them.

#include <cstddef>

#include "math/window.hpp"

namespace bpnet::math {

struct LanesShape {
  int samples = 0;
  Window window;                        // of the convolution: stride 1, no dilation
  int in = 1, out = 1;                  // channels
  int pool_rows = 1, pool_columns = 1;  // windows side by side that cut the places without a rest
};

inline constexpr int lanes_channels_at_most = 16;
bool suits_lanes(const LanesShape& shape);
/// Outputs that are computed at once, so that few are computed for nothing.
constexpr int outs_at_once(int out) {
  int best = 4;
  for (int n : {5, 6})
    if ((out + n - 1) / n * n <= (out + best - 1) / best * best) best = n;
  return best;
}

/// Images are (samples, height, width, channels), weights (height, width, in, out), as everywhere.
class LanesConvolution {
 public:
  explicit LanesConvolution(const LanesShape& shape, const ImageKernels& kernels = image_kernels());
  /// y (samples, pooled places, out). bias may be null. `saved` is kept for the backward pass.
  void forward(const Real* x, const Real* w, const Real* bias, Real* y, std::byte* saved,
               std::byte* scratch) const;
  /// dx is assigned (null: not wanted), dw and db assigned or added to (null: not wanted). Uses `saved` up.
  void backward(const Real* dy, const Real* w, bool add, Real* dx, Real* dw, Real* db, std::byte* saved,
                std::byte* scratch) const;
  std::size_t saved_bytes = 0, scratch_bytes = 0;

 private:
  Real* own(std::byte* scratch) const;
  const Real* padded(const Real* w, bool turned, std::byte* scratch) const;

  LanesShape s_;
  const ImageKernels& kernels_;
  int lanes_;                            // samples of a block
  int blocks_, shards_;                  // of samples
  std::ptrdiff_t in_, places_, pooled_;  // elements of a sample: inputs, convolved, put out
  std::size_t weights_, padded_, own_;
};

}  // namespace bpnet::math
