#include "layers/pool.hpp"

namespace bpnet::layer_entries {

namespace {
struct GlobalAveragePool final : GlobalPool {
  GlobalAveragePool() : GlobalPool(false) {}
};
}  // namespace

extern const Entry global_average_pool = {"global_average_pool",
                                          "the mean of each channel over the whole image",
                                          "GlobalAvgPool GlobalAveragePooling2D AdaptiveAvgPool2d gap",
                                          "global_average_pool",
                                          "3x4x5",
                                          make<GlobalAveragePool>};

}  // namespace bpnet::layer_entries
