#include "losses/class_weights.hpp"
#include "losses/fit.hpp"
#include "spec/table.hpp"

namespace bpnet::loss_entries {

namespace {
/// Of two classes, with one output, scikit-learn's hinge_loss; of more PyTorch's MultiMarginLoss (Weston and
/// Watkins 1999), the mean taken over the other classes only. Its outputs are no log-odds: the probabilities
/// it answers are their softmax, which ranks rows rightly and is not calibrated.
struct Hinge final : Loss {
  double margin = 1;
  bool squared = false;
  ClassWeights weights;

  void visit(Visitor& v) override {
    v("margin", margin, above(0), "how far the right class's output shall stand above the others");
    v("squared", squared, "square what is missing to the margin");
    weights.visit(v);
  }
  std::string objection(const TargetKind& target) const override { return needs_classes(target); }
  int width(const TargetKind& target) const override {
    require_fit(*this, target);
    return target.class_count() == 2 ? 1 : target.class_count();
  }
  void bind(const TargetKind& target) override { weights.bind(target); }
  LossSum compute(const View& logits, const Truth& truth, const View& gradient) const override {
    return loss_sum(math::hinge_error(logits.reals(), logits.rows(), logits.width(), truth.classes.data(),
                                      weights_or_null(truth), weights.data(), static_cast<Real>(margin),
                                      squared, gradient.reals()));
  }
  void answer(const View& logits, std::span<Real> out) const override { class_probabilities(logits, out); }
};
}  // namespace

extern const Entry hinge = {"hinge",
                            "largest margin, as a support vector machine; probabilities are not calibrated",
                            "HingeLoss MultiMarginLoss svm margin SquaredHinge CategoricalHinge",
                            "hinge: {margin: 2, squared: true}",
                            "classes:3",
                            make<Hinge>};

}  // namespace bpnet::loss_entries
