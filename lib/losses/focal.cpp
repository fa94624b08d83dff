#include "losses/class_loss.hpp"
#include "spec/table.hpp"

namespace bpnet::loss_entries {

namespace {
/// Lin, Goyal, Girshick, He, Dollar 2017; one output for two classes, else one a class.
struct Focal final : ClassLoss {
  double gamma = 2;

  void visit(Visitor& v) override {
    v("gamma", gamma, at_least(0),
      "how much rows that are told well already are played down; 0 is cross_entropy");
    ClassLoss::visit(v);
  }
  LossSum compute(const View& logits, const Truth& truth, const View& gradient) const override {
    return loss_sum(math::focal_error(logits.reals(), logits.rows(), logits.width(), truth.classes.data(),
                                      weights_or_null(truth), weights.data(), static_cast<Real>(gamma),
                                      gradient.reals()));
  }

 private:
  bool one_output_for_two() const override { return true; }
};
}  // namespace

extern const Entry focal = {
    "focal",
    "cross-entropy that looks at rows told badly, for rare classes",
    "FocalLoss focal_loss sigmoid_focal_loss BinaryFocalCrossentropy CategoricalFocalCrossentropy",
    "focal: {gamma: 1.5, class_weights: {b: 2}}",
    "classes:3",
    make<Focal>};

}  // namespace bpnet::loss_entries
