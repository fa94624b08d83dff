#include "losses/class_weights.hpp"
#include "losses/fit.hpp"
#include "spec/table.hpp"

namespace bpnet::loss_entries {

namespace {
/// Lin, Goyal, Girshick, He, Dollar 2017; one output for two classes, else one a class.
struct Focal final : Loss {
  double gamma = 2;
  ClassWeights weights;

  void visit(Visitor& v) override {
    v("gamma", gamma, at_least(0),
      "how much rows that are told well already are played down; 0 is cross_entropy");
    weights.visit(v);
  }
  std::string objection(const TargetKind& target) const override { return needs_classes(target); }
  int width(const TargetKind& target) const override {
    require_fit(*this, target);
    return target.class_count() == 2 ? 1 : target.class_count();
  }
  void bind(const TargetKind& target) override { weights.bind(target); }
  LossSum compute(const View& logits, const Truth& truth, const View& gradient) const override {
    return loss_sum(math::focal_error(logits.reals(), logits.rows(), logits.width(), truth.classes.data(),
                                      weights_or_null(truth), weights.data(), static_cast<Real>(gamma),
                                      gradient.reals()));
  }
  void answer(const View& logits, std::span<Real> out) const override { class_probabilities(logits, out); }
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
