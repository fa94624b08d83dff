#include "layers/global_pool.hpp"

namespace bpnet::layer_entries {

namespace {

class GlobalAveragePass final : public Pass {
 public:
  explicit GlobalAveragePass(const math::PoolShape& shape) : shape_(shape) {}
  void forward(const Lent& lent) override {
    math::average_pool(shape_, lent.in[0].reals(), lent.out[0].reals());
  }
  void backward(const Lent& lent) override {
    if (lent.din[0]) math::average_pool_backward(shape_, lent.dout[0].reals(), lent.din[0].reals());
  }

 private:
  math::PoolShape shape_;
};

struct GlobalAveragePool final : GlobalPool {
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode) const override {
    return std::make_unique<GlobalAveragePass>(pool_shape(in[0], batch));
  }
};

}  // namespace

extern const Entry global_average_pool = {"global_average_pool",
                                          "the mean of each channel over the whole image",
                                          "GlobalAvgPool GlobalAveragePooling2D AdaptiveAvgPool2d gap",
                                          "global_average_pool",
                                          "3x4x5",
                                          make<GlobalAveragePool>};

}  // namespace bpnet::layer_entries
