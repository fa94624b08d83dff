#include "layers/norm.hpp"
#include "math/elements.hpp"
#include "math/normalise.hpp"

namespace bpnet::layer_entries {

namespace {

class LayerNormPass final : public Pass {
 public:
  LayerNormPass(int rows, int width, Real epsilon, bool affine)
      : rows_(rows), width_(width), epsilon_(epsilon), affine_(affine) {
    saved_bytes = static_cast<std::size_t>(rows) * 2 * sizeof(Real);
    scratch_bytes = math::layer_norm_scratch(rows, width) * sizeof(Real);
  }
  void forward(const Lent& lent) override {
    math::layer_norm(lent.in[0].reals(), rows_, width_, affine_ ? lent.parameters[0] : nullptr,
                     affine_ ? lent.parameters[1] : nullptr, epsilon_, lent.out[0].reals(),
                     reinterpret_cast<Real*>(lent.saved));
  }
  void backward(const Lent& lent) override {
    math::layer_norm_backward(lent.in[0].reals(), lent.dout[0].reals(), rows_, width_,
                              affine_ ? lent.parameters[0] : nullptr, reinterpret_cast<Real*>(lent.saved),
                              lent.din[0].reals(), affine_ ? lent.gradients[0] : nullptr,
                              affine_ ? lent.gradients[1] : nullptr, reinterpret_cast<Real*>(lent.scratch));
  }

 private:
  int rows_, width_;
  Real epsilon_;
  bool affine_;
};

/// Ba, Kiros, Hinton 2016, over the last axis.
struct LayerNorm final : Layer {
  double epsilon = 1e-5;
  bool affine = true;

  void visit(Visitor& v) override {
    v("epsilon", epsilon, inside_unit(), "added to the variance");
    v("affine", affine, "learn a scale and a shift");
  }
  Plan plan(std::span<const Port> in) const override { return norm_plan(in[0], affine, affine); }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode) const override {
    const auto [rows, width] = norm_rows(in[0], batch);
    return std::make_unique<LayerNormPass>(rows, width, static_cast<Real>(epsilon), affine);
  }
};

}  // namespace

extern const Entry layer_norm = {
    "layer_norm",
    "mean 0 and deviation 1 over the last axis of each row, then a learnt scale and shift",
    "LayerNorm LayerNormalization",
    "layer_norm",
    "7",
    make<LayerNorm>};

}  // namespace bpnet::layer_entries
