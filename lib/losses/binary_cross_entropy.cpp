#include <array>
#include <optional>

#include "losses/class_weights.hpp"
#include "losses/fit.hpp"
#include "spec/table.hpp"

namespace bpnet::loss_entries {

namespace {

/// cross_entropy with the outputs (0, logit): one output tells two classes apart. The mean is over the rows
/// times positive_weight, as cross_entropy's is with class_weights; PyTorch's BCEWithLogitsLoss has the same
/// sum, but divides by the rows.
struct BinaryCrossEntropy final : Loss {
  double label_smoothing = 0;
  std::optional<double> positive_weight = 1;

  void visit(Visitor& v) override {
    v("label_smoothing", label_smoothing, share_below_one(),
      "share of the target spread evenly over both classes");
    v.optional("positive_weight", positive_weight, "balanced", at_least(0),
               "weight of the positive class's rows; balanced: both classes count the same");
  }
  std::string objection(const TargetKind& target) const override { return needs_two_classes(target); }
  int width(const TargetKind& target) const override {
    require_fit(*this, target);
    return 1;
  }
  void bind(const TargetKind& target) override {
    if (positive_weight) {
      weights_[1] = static_cast<Real>(*positive_weight);
      return;
    }
    const auto balanced = balanced_weights(target);
    weights_[1] = balanced[1] / balanced[0];
  }
  void smooth(double share) override { label_smoothing = share; }
  LossSum compute(const View& logits, const Truth& truth, const View& gradient) const override {
    return loss_sum(math::binary_cross_entropy(
        logits.reals(), logits.rows(), truth.classes.data(), weights_or_null(truth),
        {static_cast<Real>(label_smoothing), weights_.data()}, gradient.reals()));
  }
  void answer(const View& logits, std::span<Real> out) const override { class_probabilities(logits, out); }

 private:
  std::array<Real, 2> weights_ = {1, 1};
};

}  // namespace

extern const Entry binary_cross_entropy = {
    "binary_cross_entropy",
    "logistic loss with one output, for two classes",
    "BCELoss BCEWithLogitsLoss bce binary_crossentropy BinaryCrossentropy logistic sigmoid_cross_entropy "
    "SoftMarginLoss MultiLabelSoftMarginLoss sigmoid_binary_cross_entropy",
    "binary_cross_entropy: {label_smoothing: 0.1, positive_weight: 2}",
    "classes:2",
    make<BinaryCrossEntropy>};

}  // namespace bpnet::loss_entries
