#include "layers/convolution.hpp"

namespace bpnet::layer_entries {

namespace {
struct Conv1d final : ConvolutionLayer {
  Conv1d() : ConvolutionLayer(1, false) {}
};
}  // namespace

extern const Entry conv1d = {"conv1d",
                             "learnt weights slide along rows (length x channels)",
                             "Conv1d Conv1D Convolution1D",
                             "conv1d: {channels: 4, kernel_size: 3}",
                             "7x2",
                             make<Conv1d>};

}  // namespace bpnet::layer_entries
