#include "layers/window.hpp"
#include "math/resample.hpp"

namespace bpnet::layer_entries {

namespace {

class PadPass final : public Pass {
 public:
  explicit PadPass(const math::PadShape& shape) : shape_(shape) {}
  void forward(const Lent& lent) override { math::pad(shape_, lent.in[0].reals(), lent.out[0].reals()); }
  void backward(const Lent& lent) override {
    if (lent.din[0]) math::pad_backward(shape_, lent.dout[0].reals(), lent.din[0].reals());
  }

 private:
  math::PadShape shape_;
};

struct ZeroPad final : Layer {
  std::vector<std::int64_t> padding = {1};

  bool learns() const override { return false; }
  void visit(Visitor& v) override {
    v("padding", padding, between(0, 1 << 12),
      "zeros at every edge, or those of rows and of columns, or top, bottom, left and right");
  }
  math::PadShape pad_shape(const Port& in, int samples) const {
    const auto at = [&](std::size_t i) {
      return static_cast<int>(padding[padding.size() == 4 ? i : padding.size() == 2 ? i / 2 : 0]);
    };
    return {samples, in.shape[0], in.shape[1], in.shape[2], at(0), at(1), at(2), at(3)};
  }
  Plan plan(std::span<const Port> in) const override {
    require_image(in[0]);
    if (padding.size() != 1 && padding.size() != 2 && padding.size() != 4)
      throw Misfit{"padding is 1, 2 or 4 numbers", {}};
    const math::PadShape s = pad_shape(in[0], 0);
    Plan plan;
    plan.out = {in[0]};
    plan.out[0].shape[0] += s.top + s.bottom;
    plan.out[0].shape[1] += s.left + s.right;
    return plan;
  }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode) const override {
    return std::make_unique<PadPass>(pad_shape(in[0], batch.rows()));
  }
};

}  // namespace

extern const Entry zero_pad = {"zero_pad",
                               "zeros around an image",
                               "ZeroPad2d ZeroPadding2D ConstantPad2d pad padding ReflectionPad2d",
                               "zero_pad: [1, 0, 2, 1]",
                               "2x3x2",
                               make<ZeroPad>};

}  // namespace bpnet::layer_entries
