#include "layers/convolution.hpp"

namespace bpnet::layer_entries {

namespace {
/// A convolution with inputs and outputs changed: each input lays a window of weights on the output
/// (Zeiler, Krishnan, Taylor, Fergus 2010).
struct Conv2dTranspose final : ConvolutionLayer {
  Conv2dTranspose() : ConvolutionLayer(2, true) {}
};
}  // namespace

extern const Entry conv2d_transpose = {
    "conv2d_transpose",
    "each input lays a window of learnt weights on the output: makes images larger",
    "ConvTranspose2d Conv2DTranspose deconv deconvolution transposed_convolution",
    "conv2d_transpose: {channels: 2, kernel_size: 3, stride: 2}",
    "3x2x3",
    make<Conv2dTranspose>};

}  // namespace bpnet::layer_entries
