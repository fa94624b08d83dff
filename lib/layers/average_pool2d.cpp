#include "layers/pool.hpp"

namespace bpnet::layer_entries {

namespace {
struct AveragePool2d final : WindowPool {
  AveragePool2d() : WindowPool(false) {}
};
}  // namespace

extern const Entry average_pool2d = {
    "average_pool2d",
    "the mean of each window of an image, channel by channel, without padding",
    "AvgPool2d AveragePooling2D avg_pool avgpool mean_pool",
    "average_pool2d: {kernel_size: 3, stride: 2, padding: 1}",
    "5x4x3",
    make<AveragePool2d>};

}  // namespace bpnet::layer_entries
