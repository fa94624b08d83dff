#include <cassert>

#include "losses/fit.hpp"
#include "math/functions.hpp"
#include "math/map.hpp"
#include "spec/table.hpp"

namespace bpnet::loss_entries {

namespace {

struct Exponential {
  Real value(Real x) const { return math::exp(x); }
};

/// The output is the logarithm of the expected count, in units of the training rows' mean, so that learning
/// starts there; equals PyTorch's PoissonNLLLoss of counts in that unit.
struct Poisson final : NumberLoss {
  std::string objection(const TargetKind& target) const override {
    if (target.classes) return needs_numbers(target);
    if (target.least < 0) return "needs counts, 0 or more, but '" + target.name + "' goes below 0";
    return "";
  }
  LossSum compute(const View& logits, const Truth& truth, const View& gradient) const override {
    return loss_sum(math::poisson_error(logits.reals(), logits.rows(), truth.values.data(),
                                        weights_or_null(truth), gradient.reals()));
  }
  void answer(const View& logits, std::span<Real> out) const override {
    assert(out.size() == logits.elements());
    math::map(Exponential{}, logits.reals(), logits.elements(), out.data());
  }
  TargetScale scale(const TargetKind& target, const TargetScale& standard) const override {
    const bool scaled = standard != TargetScale{};
    return {0, scaled && target.mean > 0 ? target.mean : 1};
  }
};

}  // namespace

extern const Entry poisson = {"poisson",
                              "negative log-likelihood of counts, for numbers of 0 or more",
                              "PoissonNLLLoss poisson_nll count",
                              "poisson",
                              "number",
                              make<Poisson>};

}  // namespace bpnet::loss_entries
