#include <algorithm>
#include <cassert>

#include "losses/fit.hpp"
#include "spec/spec.hpp"
#include "spec/table.hpp"

namespace bpnet::loss_entries {

namespace {

/// One output a class; equals PyTorch's CrossEntropyLoss with label_smoothing and weight.
struct CrossEntropy final : Loss {
  double label_smoothing = 0;
  std::vector<std::pair<std::string, double>> class_weights;

  void visit(Visitor& v) override {
    v("label_smoothing", label_smoothing, share_below_one(),
      "share of the target spread evenly over all classes");
    v("class_weights", class_weights, at_least(0), "weight of a class's rows, 1 for those not named");
  }
  std::string objection(const TargetKind& target) const override { return needs_classes(target); }
  int width(const TargetKind& target) const override {
    require_fit(*this, target);
    return target.class_count();
  }

  void bind(const TargetKind& target) override {
    weights_.clear();
    if (class_weights.empty()) return;
    weights_.assign(target.labels.size(), 1);
    std::vector<Problem> problems;
    for (const auto& [label, weight] : class_weights) {
      const auto at = std::find(target.labels.begin(), target.labels.end(), label);
      if (at != target.labels.end()) {
        weights_[static_cast<std::size_t>(at - target.labels.begin())] = static_cast<Real>(weight);
        continue;
      }
      Problem& unknown = problems.emplace_back();
      unknown.message = "class_weights names '" + label + "', which is not a class of '" + target.name + "'";
      unknown.help = {way_out(label, target)};
    }
    if (!problems.empty()) throw Error(Fault::configuration, std::move(problems));
  }

  LossSum compute(const View& logits, const Truth& truth, const View& gradient) const override {
    assert(weights_.empty() || static_cast<int>(weights_.size()) == logits.width());
    return loss_sum(math::softmax_cross_entropy(
        logits.reals(), logits.rows(), logits.width(), truth.classes.data(), weights_or_null(truth),
        {static_cast<Real>(label_smoothing), weights_.empty() ? nullptr : weights_.data()},
        gradient.reals()));
  }
  void answer(const View& logits, std::span<Real> out) const override {
    assert(out.size() == logits.elements());
    math::softmax(logits.reals(), logits.rows(), logits.width(), out.data());
  }

 private:
  static std::string way_out(const std::string& label, const TargetKind& target) {
    const auto near = near_words(label, target.labels);
    if (!near.empty()) return "did you mean '" + near.front() + "'?";
    constexpr std::size_t most = 20;
    std::string all = "its classes are";
    for (std::size_t i = 0; i < std::min(target.labels.size(), most); ++i)
      all += (i ? ", " : " ") + target.labels[i];
    return target.labels.size() > most ? all + ", ..." : all;
  }

  std::vector<Real> weights_;  // (classes), or empty: all 1
};

}  // namespace

extern const Entry cross_entropy = {
    "cross_entropy",
    "softmax and negative log-likelihood, for classes",
    "CrossEntropyLoss categorical_crossentropy sparse_categorical_crossentropy log_loss nll NLLLoss "
    "softmax_cross_entropy softmax",
    "cross_entropy: {label_smoothing: 0.1, class_weights: {b: 2}}",
    "classes:3",
    make<CrossEntropy>};

}  // namespace bpnet::loss_entries
