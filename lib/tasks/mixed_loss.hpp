#pragma once
// The loss of batches whose pictures were mixed in pairs.

#include <vector>

#include "losses/loss.hpp"

namespace bpnet {

/// Row i of n was mixed with row n - 1 - i. Its loss is share * loss(own target) + (1 - share) * loss(the
/// other's target), each with its target's row weight, so that a target counts as much as unmixed.
class MixedLoss {
 public:
  /// Of the batch from now on; spans stay the caller's. No shares: nothing is mixed.
  void begin(std::span<const Real> shares, std::span<const Real> weights);
  LossSum compute(const Loss& loss, const View& logits, const Truth& own, const View& gradient);

 private:
  bool mixed_ = false;
  std::size_t rows_ = 0;
  std::vector<std::int32_t> classes_;
  std::vector<Real> values_, own_weights_, other_weights_, gradient_;
};

}  // namespace bpnet
