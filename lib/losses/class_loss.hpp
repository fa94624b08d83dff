#pragma once
// What losses of classes share: an output a class, weights of the classes, probabilities by softmax.

#include "losses/class_weights.hpp"
#include "losses/fit.hpp"

namespace bpnet {

struct ClassLoss : Loss {
  ClassWeights weights;

  void visit(Visitor& v) override { weights.visit(v); }
  std::string objection(const TargetKind& target) const override { return needs_classes(target); }
  int width(const TargetKind& target) const override {
    require_fit(*this, target);
    return target.class_count() == 2 && one_output_for_two() ? 1 : target.class_count();
  }
  void bind(const TargetKind& target) override { weights.bind(target); }
  void answer(const View& logits, std::span<Real> out) const override { class_probabilities(logits, out); }

 private:
  virtual bool one_output_for_two() const { return false; }
};

}  // namespace bpnet
