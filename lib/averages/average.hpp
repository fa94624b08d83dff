#pragma once
// The contract of weight averages: which steps' weights are taken in, and how much each counts.

#include "schedules/schedule.hpp"

namespace bpnet {

struct Average : Options {
  /// Share of the weights after a step in the average: average += share * (weights - average). `at.step`
  /// steps are done, 1 or more. 1: the average is the weights themselves; 0: it stays as it is.
  virtual double share(const Progress& at) const = 0;
};

extern const Table averages;

}  // namespace bpnet
