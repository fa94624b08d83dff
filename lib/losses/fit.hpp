#pragma once
// What losses share: whether a target fits, and the way to the row kernels.

#include "losses/loss.hpp"
#include "math/rowloss.hpp"
#include "math/rowloss_several.hpp"

namespace bpnet {

/// "" or why a target is not what is needed: "needs classes, but 'price' is a number".
std::string needs_classes(const TargetKind& target);
std::string needs_two_classes(const TargetKind& target);
std::string needs_numbers(const TargetKind& target);

/// Throws Error(configuration) with the loss's objection to the target, if it has one.
void require_fit(const Loss& loss, const TargetKind& target);

inline LossSum loss_sum(const math::RowSums& sums) { return {sums.loss, sums.weight}; }
inline const Real* weights_or_null(const Truth& truth) {
  return truth.weights.empty() ? nullptr : truth.weights.data();
}

/// Softmax of outputs (rows, width) into out (rows, classes); one output stands for the two outputs (0,
/// output).
void class_probabilities(const View& outputs, std::span<Real> out);

/// Losses of a number: one output a row, which is the answer as it stands, unless they say otherwise.
struct NumberLoss : Loss {
  std::string objection(const TargetKind& target) const override { return needs_numbers(target); }
  int width(const TargetKind& target) const override;
  void answer(const View& logits, std::span<Real> out) const override;
};

}  // namespace bpnet
