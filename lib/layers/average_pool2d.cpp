#include "layers/pool.hpp"

namespace bpnet::layer_entries {

namespace {

class AveragePoolPass final : public Pass {
 public:
  explicit AveragePoolPass(const math::PoolShape& shape) : shape_(shape) {}
  void forward(const Lent& lent) override {
    math::average_pool(shape_, lent.in[0].reals(), lent.out[0].reals());
  }
  void backward(const Lent& lent) override {
    if (lent.din[0]) math::average_pool_backward(shape_, lent.dout[0].reals(), lent.din[0].reals());
  }

 private:
  math::PoolShape shape_;
};

struct AveragePool2d final : Pool {
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode) const override {
    return std::make_unique<AveragePoolPass>(pool_shape(in[0], batch));
  }
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
