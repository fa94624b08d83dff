#include "losses/class_loss.hpp"
#include "spec/table.hpp"

namespace bpnet::loss_entries {

namespace {
/// Of two classes, with one output, scikit-learn's hinge_loss; of more PyTorch's MultiMarginLoss (Weston and
/// Watkins 1999), the mean taken over the other classes only. Its outputs are no log-odds: the probabilities
/// it answers are their softmax, which ranks rows rightly and is not calibrated.
struct Hinge final : ClassLoss {
  double margin = 1;
  bool squared = false;

  void visit(Visitor& v) override {
    v("margin", margin, above(0), "how far the right class's output shall stand above the others");
    v("squared", squared, "square what is missing to the margin");
    ClassLoss::visit(v);
  }
  LossSum compute(const View& logits, const Truth& truth, const View& gradient) const override {
    return loss_sum(math::hinge_error(logits.reals(), logits.rows(), logits.width(), truth.classes.data(),
                                      weights_or_null(truth), weights.data(), static_cast<Real>(margin),
                                      squared, gradient.reals()));
  }

 private:
  bool one_output_for_two() const override { return true; }
};
}  // namespace

extern const Entry hinge = {"hinge",
                            "largest margin, as a support vector machine; probabilities are not calibrated",
                            "HingeLoss MultiMarginLoss svm margin SquaredHinge CategoricalHinge "
                            "HingeEmbeddingLoss MultiLabelMarginLoss squared_hinge hinge_loss",
                            "hinge: {margin: 2, squared: true}",
                            "classes:3",
                            make<Hinge>};

}  // namespace bpnet::loss_entries
