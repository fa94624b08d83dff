#include "layers/pool.hpp"

namespace bpnet::layer_entries {

namespace {
struct MaxPool2d final : WindowPool {
  MaxPool2d() : WindowPool(true) {}
};
}  // namespace

extern const Entry max_pool2d = {"max_pool2d",
                                 "the greatest of each window of an image, channel by channel",
                                 "MaxPool2d MaxPooling2D maxpool max_pooling pool pooling",
                                 "max_pool2d: 2",
                                 "5x4x3",
                                 make<MaxPool2d>};

}  // namespace bpnet::layer_entries
