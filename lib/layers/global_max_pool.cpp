#include "layers/global_pool.hpp"

namespace bpnet::layer_entries {

namespace {

class GlobalMaxPass final : public Pass {
 public:
  explicit GlobalMaxPass(const math::PoolShape& shape) : shape_(shape) {}
  void forward(const Lent& lent) override { math::max_pool(shape_, lent.in[0].reals(), lent.out[0].reals()); }
  void backward(const Lent& lent) override {
    if (lent.din[0])
      math::max_pool_backward(shape_, lent.in[0].reals(), lent.dout[0].reals(), lent.din[0].reals());
  }

 private:
  math::PoolShape shape_;
};

struct GlobalMaxPool final : GlobalPool {
  Plan plan(std::span<const Port> in) const override {
    Plan plan = GlobalPool::plan(in);
    plan.backward_reads_in = true;
    return plan;
  }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode) const override {
    return std::make_unique<GlobalMaxPass>(pool_shape(in[0], batch));
  }
};

}  // namespace

extern const Entry global_max_pool = {"global_max_pool",
                                      "the greatest of each channel over the whole image",
                                      "GlobalMaxPool GlobalMaxPooling2D AdaptiveMaxPool2d",
                                      "global_max_pool",
                                      "3x4x5",
                                      make<GlobalMaxPool>};

}  // namespace bpnet::layer_entries
