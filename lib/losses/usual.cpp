#include "losses/loss.hpp"
#include "spec/table.hpp"

namespace bpnet::loss_entries {

namespace {

/// What `auto` takes, once the target is known; so that one file serves classes and numbers.
struct Usual final : Loss {
  double label_smoothing = 0;

  void visit(Visitor& v) override {
    v("label_smoothing", label_smoothing, share_below_one(),
      "of classes: share of the target spread evenly over all; a number has none");
  }
  std::string objection(const TargetKind& target) const override { return of(target)->objection(target); }
  int width(const TargetKind& target) const override { return of(target)->width(target); }
  void bind(const TargetKind& target) override {
    chosen_ = of(target);
    chosen_->bind(target);
  }
  LossSum compute(const View& logits, const Truth& truth, const View& gradient) const override {
    return chosen_->compute(logits, truth, gradient);
  }
  void answer(const View& logits, std::span<Real> out) const override { chosen_->answer(logits, out); }
  std::vector<Answer> answers(const TargetKind& target) const override { return of(target)->answers(target); }
  TargetScale scale(const TargetKind& target, const TargetScale& standard) const override {
    return of(target)->scale(target, standard);
  }

 private:
  std::shared_ptr<Loss> of(const TargetKind& target) const {
    auto loss = choose(losses, default_loss(target)).as<Loss>();
    loss->smooth(label_smoothing);
    return loss;
  }
  std::shared_ptr<Loss> chosen_;
};

}  // namespace

extern const Entry usual = {
    "usual",     "what auto takes: cross_entropy or binary_cross_entropy for classes, mse for a number",
    "",          "usual: {label_smoothing: 0.1}",
    "classes:3", make<Usual>};

}  // namespace bpnet::loss_entries
