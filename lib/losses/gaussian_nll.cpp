#include <cassert>
#include <cmath>

#include "losses/fit.hpp"
#include "spec/table.hpp"

namespace bpnet::loss_entries {

namespace {

/// Two outputs: the mean, and a number whose softplus is the variance; equals PyTorch's GaussianNLLLoss of
/// these.
struct GaussianNll final : NumberLoss {
  int width(const TargetKind& target) const override {
    require_fit(*this, target);
    return 2;
  }
  LossSum compute(const View& logits, const Truth& truth, const View& gradient) const override {
    return loss_sum(math::gaussian_error(logits.reals(), logits.rows(), truth.values.data(),
                                         weights_or_null(truth), gradient.reals()));
  }
  void answer(const View& logits, std::span<Real> out) const override {
    assert(out.size() == logits.elements());
    const Real* outputs = logits.reals();
    for (std::size_t i = 0; i < out.size(); i += 2) {
      out[i] = outputs[i];
      out[i + 1] = std::sqrt(math::variance(outputs[i + 1]));
    }
  }
  std::vector<Answer> answers(const TargetKind&) const override {
    return {{Answer::Kind::value, 0}, {Answer::Kind::deviation, 0}};
  }
};

}  // namespace

extern const Entry gaussian_nll = {
    "gaussian_nll",
    "a mean and a standard deviation for each row, by the likelihood of a normal distribution",
    "GaussianNLLLoss gaussian normal_nll heteroscedastic mean_variance",
    "gaussian_nll",
    "number",
    make<GaussianNll>};

}  // namespace bpnet::loss_entries
