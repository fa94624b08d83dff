#include "math/batch_norm.hpp"

#include "layers/norm.hpp"
#include "layers/pool.hpp"
#include "math/elements.hpp"

namespace bpnet::layer_entries {

namespace {

/// Buffers: running mean, running variance. A batch of one row, which has no variance, leaves them alone.
class BatchNormPass final : public Pass {
 public:
  BatchNormPass(const math::BatchNorm& norm, bool scale, bool shift, Real momentum, bool training)
      : norm_(norm), scale_(scale), shift_(shift), momentum_(momentum), training_(training) {
    saved_bytes = norm.saved() * sizeof(Real);
    scratch_bytes = norm.scratch() * sizeof(Real);
  }
  void forward(const Lent& lent) override {
    const math::BatchNorm norm = with_parameters(lent);
    const Real* in = lent.in[0].reals();
    if (training_)
      math::batch_norm(norm, in, lent.out[0].reals(), saved(lent), scratch(lent));
    else
      math::batch_norm_inference(norm, in, lent.buffers[0], lent.buffers[1], lent.out[0].reals(),
                                 scratch(lent));
  }
  void backward(const Lent& lent) override {
    if (!training_) {
      math::batch_norm_inference_backward(with_parameters(lent), lent.in[0].reals(), lent.dout[0].reals(),
                                          lent.buffers[0], lent.buffers[1], lent.din[0].reals(),
                                          scratch(lent));
      return;
    }
    Real* dscale = scale_ ? lent.gradients[0] : nullptr;
    Real* dshift = shift_ ? lent.gradients[scale_ ? 1 : 0] : nullptr;
    math::batch_norm_backward(with_parameters(lent), lent.in[0].reals(), lent.dout[0].reals(), saved(lent),
                              lent.din[0].reals(), dscale, dshift, scratch(lent));
  }
  void commit(const Lent& lent) override {
    if (!training_ || norm_.rows < 2) return;
    const Real* s = saved(lent);
    const Real unbiased = static_cast<Real>(norm_.rows) / static_cast<Real>(norm_.rows - 1);
    for (int i = 0; i < norm_.width; ++i) {
      lent.buffers[0][i] += momentum_ * (s[i] - lent.buffers[0][i]);
      lent.buffers[1][i] += momentum_ * (s[2 * norm_.width + i] * unbiased - lent.buffers[1][i]);
    }
  }

 private:
  math::BatchNorm with_parameters(const Lent& lent) const {
    math::BatchNorm norm = norm_;
    norm.scale = scale_ ? lent.parameters[0] : nullptr;
    norm.shift = shift_ ? lent.parameters[scale_ ? 1 : 0] : nullptr;
    return norm;
  }
  static Real* saved(const Lent& lent) { return reinterpret_cast<Real*>(lent.saved); }
  static Real* scratch(const Lent& lent) { return reinterpret_cast<Real*>(lent.scratch); }
  math::BatchNorm norm_;
  bool scale_, shift_;
  Real momentum_;
  bool training_;
};

/// Ioffe and Szegedy 2015, over all axes but the last.
struct BatchNorm final : Layer {
  double epsilon = 1e-5, momentum = 0.1;
  bool affine = true, scale = true;
  bool relu = false;                      // rectifies what it puts out
  std::optional<math::Window> pool = {};  // and puts out the greatest of each window

  void visit(Visitor& v) override {
    v("momentum", momentum, between(0, 1), "share of a batch in the running statistics");
    v("epsilon", epsilon, inside_unit(), "added to the variance");
    v("affine", affine, "learn a scale and a shift");
    v("scale", scale, "learn the scale too, not the shift alone");
  }
  Plan plan(std::span<const Port> in) const override {
    if (in[0].time > 0)
      throw Misfit{"takes means over rows, of which sequences have more or less",
                   {"use layer_norm or rms_norm"}};
    Plan plan = norm_plan(in[0], affine && scale, affine);
    const int width = in[0].shape[-1];
    plan.in_place = !pool;
    if (pool) plan.out[0].shape = {pool->rows.places(), pool->columns.places(), width};
    plan.buffers.push_back({"running_mean", {width}, nullptr, Role::norm});
    plan.buffers.push_back({"running_var", {width}, initialiser_named("ones"), Role::norm});
    return plan;
  }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode mode) const override {
    const auto [rows, width] = norm_rows(in[0], batch);
    return std::make_unique<BatchNormPass>(
        math::BatchNorm{rows, width, static_cast<Real>(epsilon), relu, nullptr, nullptr, pool},
        affine && scale, affine, static_cast<Real>(momentum), mode == Mode::training);
  }
  std::shared_ptr<const Layer> fused_with(std::span<const Port> in,
                                          std::span<const Layer* const> next) const override {
    const auto all = std::make_shared<BatchNorm>(*this);
    if (next[0]->is_relu()) {
      all->relu = true;
      next = next.subspan(1);
    }
    if (next.empty()) return all;
    const auto* behind = dynamic_cast<const WindowPool*>(next[0]);
    if (next.size() > 1 || !behind || !behind->greatest) return nullptr;
    all->pool = behind->window_on(in[0]);
    // Nothing that leaves less than an image, as `explain` looks at the last one.
    const bool image = all->pool->rows.places() > 1 && all->pool->columns.places() > 1;
    return image && math::is_tiling(*all->pool) ? all : nullptr;
  }
};

}  // namespace

extern const Entry batch_norm = {
    "batch_norm",
    "mean 0 and deviation 1 of each feature over the batch, then a learnt scale and shift",
    "BatchNorm BatchNorm1d BatchNorm2d BatchNormalization SyncBatchNorm",
    "batch_norm",
    "7",
    make<BatchNorm>};

}  // namespace bpnet::layer_entries
