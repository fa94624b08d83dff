#include "losses/class_loss.hpp"
#include "spec/table.hpp"

namespace bpnet::loss_entries {

namespace {

/// One output a class; equals PyTorch's CrossEntropyLoss with label_smoothing and weight.
struct CrossEntropy final : ClassLoss {
  double label_smoothing = 0;

  void visit(Visitor& v) override {
    v("label_smoothing", label_smoothing, share_below_one(),
      "share of the target spread evenly over all classes");
    ClassLoss::visit(v);
  }
  void smooth(double share) override { label_smoothing = share; }
  LossSum compute(const View& logits, const Truth& truth, const View& gradient) const override {
    return loss_sum(math::softmax_cross_entropy(
        logits.reals(), logits.rows(), logits.width(), truth.classes.data(), weights_or_null(truth),
        {static_cast<Real>(label_smoothing), weights.data()}, gradient.reals()));
  }
};

}  // namespace

extern const Entry cross_entropy = {
    "cross_entropy",
    "softmax and negative log-likelihood, for classes",
    "CrossEntropyLoss categorical_crossentropy sparse_categorical_crossentropy log_loss nll NLLLoss "
    "softmax_cross_entropy softmax softmax_cross_entropy_with_integer_labels CategoricalCrossentropy "
    "SparseCategoricalCrossentropy",
    "cross_entropy: {label_smoothing: 0.1, class_weights: {b: 2}}",
    "classes:3",
    make<CrossEntropy>};

}  // namespace bpnet::loss_entries
