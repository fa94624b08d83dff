#include "layers/norm.hpp"
#include "math/normalise.hpp"

namespace bpnet::layer_entries {

namespace {

class RmsNormPass final : public Pass {
 public:
  RmsNormPass(int rows, int width, Real epsilon, bool affine)
      : rows_(rows), width_(width), epsilon_(epsilon), affine_(affine) {
    saved_bytes = static_cast<std::size_t>(rows) * 2 * sizeof(Real);
    scratch_bytes = math::layer_norm_scratch(rows, width) * sizeof(Real);
  }
  void forward(const Lent& lent) override {
    math::rms_norm(lent.in[0].reals(), rows_, width_, affine_ ? lent.parameters[0] : nullptr, epsilon_,
                   lent.out[0].reals(), reinterpret_cast<Real*>(lent.saved));
  }
  void backward(const Lent& lent) override {
    math::rms_norm_backward(lent.in[0].reals(), lent.dout[0].reals(), rows_, width_,
                            affine_ ? lent.parameters[0] : nullptr, reinterpret_cast<Real*>(lent.saved),
                            lent.din[0].reals(), affine_ ? lent.gradients[0] : nullptr,
                            reinterpret_cast<Real*>(lent.scratch));
  }

 private:
  int rows_, width_;
  Real epsilon_;
  bool affine_;
};

/// Zhang and Sennrich 2019, over the last axis.
struct RmsNorm final : Layer {
  double epsilon = 1e-6;
  bool affine = true;

  void visit(Visitor& v) override {
    v("epsilon", epsilon, inside_unit(), "added to the mean of squares");
    v("affine", affine, "learn a scale");
  }
  Plan plan(std::span<const Port> in) const override { return norm_plan(in[0], affine, false); }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode) const override {
    const auto [rows, width] = norm_rows(in[0], batch);
    return std::make_unique<RmsNormPass>(rows, width, static_cast<Real>(epsilon), affine);
  }
};

}  // namespace

extern const Entry rms_norm = {"rms_norm",
                               "mean of squares 1 over the last axis of each row, then a learnt scale",
                               "RMSNorm RMSNormalization",
                               "rms_norm",
                               "7",
                               make<RmsNorm>};

}  // namespace bpnet::layer_entries
