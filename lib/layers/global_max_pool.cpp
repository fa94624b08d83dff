#include "layers/pool.hpp"

namespace bpnet::layer_entries {

namespace {
struct GlobalMaxPool final : GlobalPool {
  GlobalMaxPool() : GlobalPool(true) {}
};
}  // namespace

extern const Entry global_max_pool = {"global_max_pool",
                                      "the greatest of each channel over the whole image",
                                      "GlobalMaxPool GlobalMaxPooling2D AdaptiveMaxPool2d",
                                      "global_max_pool",
                                      "3x4x5",
                                      make<GlobalMaxPool>};

}  // namespace bpnet::layer_entries
