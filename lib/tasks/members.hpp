#pragma once
// The members of an ensemble, which share the inputs of one run: its outputs are all heads of the first
// member, then those of the second, ...

#include <vector>

#include "losses/loss.hpp"
#include "model/network.hpp"

namespace bpnet {

class Members {
 public:
  Members(int count, std::size_t heads) : count_(count), heads_(heads) {}
  int count() const { return count_; }
  const View& logits(const Run& run, int member, std::size_t head) const {
    return run.outputs()[at(member, head)];
  }
  const View& gradients(const Run& run, int member, std::size_t head) const {
    return run.output_gradients()[at(member, head)];
  }
  /// Each member learns as if it were alone: the loss to follow is the sum of theirs, where `sum` holds the
  /// mean of all their rows.
  LossSum objective(const LossSum& sum) const { return {sum.sum, sum.weight / count_}; }
  /// Mean of the members' answers.
  void answer(const Run& run, std::size_t head, const Loss& loss, std::span<Real> out);
  /// Mean of the members' logits, a view for each head; valid until the next call.
  std::span<const View> mean_logits(const Run& run);

 private:
  std::size_t at(int member, std::size_t head) const {
    return static_cast<std::size_t>(member) * heads_ + head;
  }
  int count_;
  std::size_t heads_;
  std::vector<Real> one_;
  std::vector<std::vector<Real>> means_;
  std::vector<View> views_;
};

}  // namespace bpnet
