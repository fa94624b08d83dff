#pragma once
// The contract of optimizers: flat arrays in, flat arrays out.

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "model/weights.hpp"
#include "spec/options.hpp"

namespace bpnet {

/// What one step is told.
struct Rates {
  double factor = 1;          // of the schedule, on the optimizer's own learning rate
  double gradient_scale = 1;  // clipping: gradients are multiplied by it as they are read
  std::int64_t step = 1;      // from 1
};

/// Loss and gradient once more: same batch, same random numbers (sam, lbfgs). Returns the loss.
using Evaluate = std::function<double()>;

struct Optimizer : Options {
  double learning_rate = 0.001;
  /// Names of the state arrays, each as long as the parameters ("momentum"; "m", "v").
  virtual std::vector<std::string> arrays() const = 0;
  /// Updates `weights.values` from `weights.gradients` and `state` (arrays() one after another, each
  /// values.size() long, zero at first). Skips frozen segments. Nothing is allocated; same bits for any
  /// thread count.
  virtual void step(const Weights& weights, std::span<Real> state, const Rates& rates,
                    const Evaluate& again) const = 0;
};

extern const Table optimizers;

}  // namespace bpnet
