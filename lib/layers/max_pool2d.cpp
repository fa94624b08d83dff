#include "layers/pool.hpp"

namespace bpnet::layer_entries {

namespace {

class MaxPoolPass final : public Pass {
 public:
  explicit MaxPoolPass(const math::PoolShape& shape) : shape_(shape) {}
  void forward(const Lent& lent) override { math::max_pool(shape_, lent.in[0].reals(), lent.out[0].reals()); }
  void backward(const Lent& lent) override {
    if (lent.din[0])
      math::max_pool_backward(shape_, lent.in[0].reals(), lent.dout[0].reals(), lent.din[0].reals());
  }

 private:
  math::PoolShape shape_;
};

struct MaxPool2d final : Pool {
  bool takes_greatest() const override { return true; }
  Plan plan(std::span<const Port> in) const override {
    Plan plan = Pool::plan(in);
    plan.backward_reads_in = true;  // where the greatest stood is found anew
    return plan;
  }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode) const override {
    return std::make_unique<MaxPoolPass>(pool_shape(in[0], batch));
  }
};

}  // namespace

extern const Entry max_pool2d = {"max_pool2d",
                                 "the greatest of each window of an image, channel by channel",
                                 "MaxPool2d MaxPooling2D maxpool max_pooling pool pooling",
                                 "max_pool2d: 2",
                                 "5x4x3",
                                 make<MaxPool2d>};

}  // namespace bpnet::layer_entries
