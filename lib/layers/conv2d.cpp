#include "layers/convolution.hpp"

namespace bpnet::layer_entries {

namespace {
/// Cross-correlation over images: LeCun, Bottou, Bengio, Haffner 1998.
struct Conv2d final : ConvolutionLayer {
  Conv2d() : ConvolutionLayer(2, false) {}
};
}  // namespace

extern const Entry conv2d = {
    "conv2d",
    "learnt weights slide over the rows and columns of images",
    "Conv2d Conv2D conv Convolution2D convolution convolutional SeparableConv2D DepthwiseConv2D",
    "conv2d: {channels: 4, kernel_size: 3, padding: same, activation: relu}",
    "5x4x3",
    make<Conv2d>};

}  // namespace bpnet::layer_entries
