#pragma once
// The contract of learning rate schedules: a factor on the learning rate as a function of progress.

#include <cstdint>

#include "spec/options.hpp"

namespace bpnet {

/// Where training stands. Steps are optimizer steps from 0.
struct Progress {
  std::int64_t step = 0, steps = 0;  // of all planned
  std::int64_t steps_per_epoch = 1;
};

struct Schedule : Options {
  Length warmup{0, Length::Unit::steps};  // linear from 0 in front of any schedule
  void visit_common(Visitor&) override;
  /// The factor for this step, warm-up included.
  double factor(const Progress& at) const;
  /// Told the watched value after each evaluation (plateau), and where that was. `state` is kept in
  /// checkpoints.
  virtual void observe(double /*value*/, bool /*higher_is_better*/, const Progress& /*at*/) {}
  virtual std::vector<double> state() const { return {}; }
  virtual void restore(const std::vector<double>&) {}

 protected:
  /// Without warm-up; `at.step` and `at.steps` count from the end of the warm-up.
  virtual double shape(const Progress& at) const = 0;
};

extern const Table schedules;

/// Steps a length stands for, at least 0.
std::int64_t steps_of(const Length& length, const Progress& at);
/// The same of a time between two events, at least 1. Throws Error(configuration), beginning with the
/// option's name, if it is 0.
std::int64_t interval_of(const char* option, const Length& length, const Progress& at);

}  // namespace bpnet
