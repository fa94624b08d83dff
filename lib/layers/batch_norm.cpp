#include "layers/norm.hpp"
#include "math/elements.hpp"
#include "math/normalise.hpp"

namespace bpnet::layer_entries {

namespace {

/// Buffers: running mean, running variance. A batch of one row, which has no variance, leaves them alone.
class BatchNormPass final : public Pass {
 public:
  BatchNormPass(int rows, int width, Real epsilon, Real momentum, bool affine, bool training)
      : rows_(rows),
        width_(width),
        epsilon_(epsilon),
        momentum_(momentum),
        affine_(affine),
        training_(training) {
    saved_bytes = static_cast<std::size_t>(width) * 3 * sizeof(Real);
    scratch_bytes = math::batch_norm_scratch(rows, width) * sizeof(Real);
  }
  void forward(const Lent& lent) override {
    const Real* scale = affine_ ? lent.parameters[0] : nullptr;
    const Real* shift = affine_ ? lent.parameters[1] : nullptr;
    if (training_)
      math::batch_norm(lent.in[0].reals(), rows_, width_, scale, shift, epsilon_, lent.out[0].reals(),
                       saved(lent), scratch(lent));
    else
      math::batch_norm_inference(lent.in[0].reals(), rows_, width_, lent.buffers[0], lent.buffers[1], scale,
                                 shift, epsilon_, lent.out[0].reals());
  }
  void backward(const Lent& lent) override {
    math::batch_norm_backward(lent.in[0].reals(), lent.dout[0].reals(), rows_, width_,
                              affine_ ? lent.parameters[0] : nullptr, saved(lent), lent.din[0].reals(),
                              affine_ ? lent.gradients[0] : nullptr, affine_ ? lent.gradients[1] : nullptr,
                              scratch(lent));
  }
  void commit(const Lent& lent) override {
    if (rows_ < 2) return;
    const Real* s = saved(lent);
    const Real unbiased = static_cast<Real>(rows_) / static_cast<Real>(rows_ - 1);
    for (int i = 0; i < width_; ++i) {
      lent.buffers[0][i] += momentum_ * (s[i] - lent.buffers[0][i]);
      lent.buffers[1][i] += momentum_ * (s[2 * width_ + i] * unbiased - lent.buffers[1][i]);
    }
  }

 private:
  static Real* saved(const Lent& lent) { return reinterpret_cast<Real*>(lent.saved); }
  static Real* scratch(const Lent& lent) { return reinterpret_cast<Real*>(lent.scratch); }
  int rows_, width_;
  Real epsilon_, momentum_;
  bool affine_, training_;
};

/// Ioffe and Szegedy 2015, over all axes but the last.
struct BatchNorm final : Layer {
  double epsilon = 1e-5, momentum = 0.1;
  bool affine = true;

  void visit(Visitor& v) override {
    v("momentum", momentum, between(0, 1), "share of a batch in the running statistics");
    v("epsilon", epsilon, above(0), "added to the variance");
    v("affine", affine, "learn a scale and a shift");
  }
  Plan plan(std::span<const Port> in) const override {
    Plan plan = norm_plan(in[0], affine, affine);
    const int width = in[0].shape[-1];
    plan.buffers.push_back({"running_mean", {width}, nullptr, Role::norm});
    plan.buffers.push_back({"running_var", {width}, initialiser_named("ones"), Role::norm});
    return plan;
  }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode mode) const override {
    const auto [rows, width] = norm_rows(in[0], batch);
    return std::make_unique<BatchNormPass>(rows, width, static_cast<Real>(epsilon),
                                           static_cast<Real>(momentum), affine, mode == Mode::training);
  }
};

}  // namespace

extern const Entry batch_norm = {
    "batch_norm",
    "mean 0 and deviation 1 of each feature over the batch, then a learnt scale and shift",
    "BatchNorm BatchNorm1d BatchNormalization",
    "batch_norm",
    "7",
    make<BatchNorm>};

}  // namespace bpnet::layer_entries
