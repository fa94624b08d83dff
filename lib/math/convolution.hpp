#pragma once
// Convolutions of images whose channels lie last, and what their gradients need. The same bits for any number
// of threads.

#include <cstddef>
#include <memory>

#include "core/shape.hpp"
#include "math/window.hpp"

namespace bpnet::math {

struct ConvolutionShape {
  int samples = 0;
  Window window;
  int in = 1, out = 1;                       // channels
  int groups = 1;                            // of channels that do not see one another; divides in and out
  Precision precision = Precision::float32;  // of products of patches; the other ways stay as exact as Real
  bool backward = true;                      // gradients are wanted: memory for the sums of dw
  int in_of_group() const { return in / groups; }
  int out_of_group() const { return out / groups; }
  /// Weights that one output channel reads.
  int fan() const { return window.elements() * in_of_group(); }
};

/// A convolution prepared for one shape; nothing is allocated when it runs. Images are (samples, height,
/// width, channels), weights (groups, kernel height, kernel width, in of a group, out of a group). `scratch`:
/// at least scratch_bytes, 64-byte aligned. All buffers have 64 readable bytes behind their last element.
class Convolution {
 public:
  virtual ~Convolution() = default;
  /// y = window sums of x * w, plus bias (out) unless it is null.
  virtual void forward(const Real* x, const Real* w, const Real* bias, Real* y, std::byte* scratch) const = 0;
  /// dx is assigned.
  virtual void backward_input(const Real* dy, const Real* w, Real* dx, std::byte* scratch) const = 0;
  /// dw is assigned, or added to.
  virtual void backward_weight(const Real* x, const Real* dy, bool add, Real* dw,
                               std::byte* scratch) const = 0;
  std::size_t scratch_bytes = 0;  // for all threads that math::threads() said when it was prepared
};

/// The one that suits the shape.
std::unique_ptr<Convolution> prepare_convolution(const ConvolutionShape& shape);

// What it chooses from, each for itself.

/// Windows laid out as rows of a matrix, then a product: any shape.
std::unique_ptr<Convolution> prepare_patch_convolution(const ConvolutionShape& shape);
/// Winograd's F(4x4, 3x3) (Lavin and Gray 2016): 3x3, stride 1, no dilation, one group.
bool suits_winograd(const ConvolutionShape& shape);
std::unique_ptr<Convolution> prepare_winograd_convolution(const ConvolutionShape& shape,
                                                          const ImageKernels& kernels = image_kernels());
/// One input channel a group: channel by channel.
bool suits_depthwise(const ConvolutionShape& shape);
std::unique_ptr<Convolution> prepare_depthwise_convolution(const ConvolutionShape& shape,
                                                           const ImageKernels& kernels = image_kernels());

}  // namespace bpnet::math
