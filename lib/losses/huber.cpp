#include "losses/fit.hpp"
#include "spec/table.hpp"

namespace bpnet::loss_entries {

namespace {
/// Huber 1964; equals PyTorch's HuberLoss.
struct Huber final : NumberLoss {
  double delta = 1;

  void visit(Visitor& v) override {
    v("delta", delta, above(0),
      "error from which on it grows linearly, in standard deviations of the target");
  }
  LossSum compute(const View& logits, const Truth& truth, const View& gradient) const override {
    return loss_sum(math::huber_error(logits.reals(), logits.rows(), truth.values.data(),
                                      weights_or_null(truth), static_cast<Real>(delta), gradient.reals()));
  }
};
}  // namespace

extern const Entry huber = {"huber",
                            "squared for small errors, absolute for large ones",
                            "HuberLoss SmoothL1Loss smooth_l1 smooth_mae huber_loss SmoothL1",
                            "huber: {delta: 0.5}",
                            "number",
                            make<Huber>};

}  // namespace bpnet::loss_entries
