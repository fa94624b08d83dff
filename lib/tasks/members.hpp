#pragma once
// The members of an ensemble, which share the inputs of one run. Of members with weights of their own, its
// outputs are all heads of the first, then those of the second, ...; of members that share weights, an output
// has a row (members, width) for each head.

#include <vector>

#include "losses/loss.hpp"
#include "model/network.hpp"

namespace bpnet {

class Members {
 public:
  Members(int count, bool shared, std::size_t heads)
      : count_(count), shared_(shared && count > 1), heads_(heads), parts_(heads) {}
  int count() const { return count_; }
  /// A member's logits (rows, width), and where its gradient is to be written. Of members that share weights
  /// they are copies, valid until the next call for the same head; `write_gradient` takes the gradient over.
  View logits(const Run& run, int member, std::size_t head);
  View gradient(const Run& run, int member, std::size_t head);
  void write_gradient(const Run& run, int member, std::size_t head);
  /// What training follows, from the sums over all members. Members with weights of their own learn each as
  /// if alone (clipping and sam look at all of them together): the sum of their losses; those that share
  /// weights follow the mean.
  LossSum objective(const LossSum& sum) const {
    return {sum.sum, shared_ ? sum.weight : sum.weight / count_};
  }
  /// Mean of the members' answers. A deviation also tells how far their values are apart: it is that of the
  /// mixture of their normal distributions (Lakshminarayanan, Pritzel, Blundell 2017).
  void answer(const Run& run, std::size_t head, const Loss& loss, std::span<const Answer> kinds,
              std::span<Real> out);
  /// Mean of the members' logits, a view for each head; valid until the next call.
  std::span<const View> mean_logits(const Run& run);

 private:
  struct Part {  // one member's, of a head
    std::vector<Real> logits, gradient, mean;
  };
  std::size_t at(int member, std::size_t head) const {
    return shared_ ? head : static_cast<std::size_t>(member) * heads_ + head;
  }
  View part_of(const View& whole, std::vector<Real>& memory) const;

  int count_;
  bool shared_;
  std::size_t heads_;
  std::vector<Real> one_;
  std::vector<Part> parts_;
  std::vector<View> views_;
};

}  // namespace bpnet
