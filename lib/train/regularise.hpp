#pragma once
// What pulls weights together beside the optimizer: penalties in the gradient, bounds after the step.

#include <vector>

#include "model/weights.hpp"

namespace bpnet {

/// l1 times the sum of |w| plus l2 / 2 times the sum of w * w, over weights that decay (not biases, norms),
/// times their layers' factors.
struct Penalty {
  double l1 = 0, l2 = 0;
  /// Adds its slope, times the weight of the rows whose gradients were added up.
  void add_to_gradients(const Weights& weights, double rows_weight) const;
  double value(const Weights& weights) const;
};

/// Bounds of the layers' weights: non_negative, then max_norm.
class Bounding {
 public:
  explicit Bounding(std::span<const Segment> segments);
  bool empty() const { return bounded_.empty(); }
  void apply(std::span<Real> values) const;

 private:
  std::vector<Segment> bounded_;
};

}  // namespace bpnet
