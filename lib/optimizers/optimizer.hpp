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
  double factor = 1;  // of the schedule, on the optimizer's own learning rate
  double gradient_scale =
      1;                  // 1 over the rows' weight, and clipping: gradients are multiplied by it when read
  std::int64_t step = 1;  // from 1
  double loss = 0;        // of the batch: what `gradient_scale` times the gradients is the slope of
};

/// What is seen from other weights.
struct Look {
  double loss = 0, gradient_scale = 0;  // as in Rates
  bool finite = true;                   // loss and all gradients
};
/// Loss and gradient once more at weights.values: same batch, same random numbers. Fills weights.gradients.
using Evaluate = std::function<Look()>;

/// Thrown by a step that cannot be made because a look at other weights was not finite; the weights are as
/// before.
struct Diverged {};

/// How an optimizer is going to be used.
struct Practice {
  bool all_rows = true;      // each step is of all training rows
  bool clipped = false;      // gradients are shortened
  bool constrained = false;  // weights are put back into bounds after a step
  bool random = false;       // layers draw random numbers, others each step
  bool augmented = false;    // rows are changed by chance
};

/// Why something cannot be, and what to do about it; false if it can.
struct Objection {
  std::string why, way_out;
  explicit operator bool() const { return !why.empty(); }
};

struct Optimizer : Options {
  double learning_rate = 0.001;
  /// Names of the state arrays, each as long as the parameters ("momentum"; "m", "v"): what a checkpoint
  /// keeps.
  virtual std::vector<std::string> arrays() const = 0;
  /// Told once, before the first step, what the flat arrays (`count` long) hold. What a step needs beside the
  /// state is made here.
  virtual void prepare(std::span<const Segment> /*segments*/, std::size_t /*count*/) {}
  /// Updates `weights.values` from `weights.gradients` and `state` (arrays() one after another, each
  /// values.size() long, zero at first). Skips frozen segments. Nothing is allocated; same bits for any
  /// thread count. May throw Diverged if it looks again.
  virtual void step(const Weights& weights, std::span<Real> state, const Rates& rates,
                    const Evaluate& again) = 0;
  /// To being used so.
  virtual Objection objection(const Practice&) const { return {}; }
  /// It calls `again`; it searches along a line, so it must be the only one that moves the weights.
  virtual bool looks_again() const { return false; }
  virtual bool searches() const { return false; }
  /// The last look of the step just made was at the weights it left: what was seen there begins the next
  /// step.
  virtual bool looked_last_where_it_stands() const { return false; }
  /// The learning rate that a schedule's factor acts on, and where it is written: ".learning_rate".
  virtual double base_rate() const { return learning_rate; }
  virtual std::string rate_key() const { return ".learning_rate"; }
};

extern const Table optimizers;

}  // namespace bpnet
