#pragma once
// Whether a class named with probability p is right in a share p of the rows: bins of equal width over the
// probability of the named class (Guo, Pleiss, Sun, Weinberger 2017).

#include <span>
#include <vector>

#include "metrics/metric.hpp"

namespace bpnet {

class Calibration {
 public:
  struct Bin {  // sums of row weights
    double rows = 0, probability = 0, right = 0;
  };
  explicit Calibration(std::int64_t bins) : bins_(static_cast<std::size_t>(bins)) {}
  void add(const Judged& batch);
  void merge(const Calibration& other);
  void clear();
  std::vector<double> state() const;
  void restore(std::span<const double> state);
  /// Expected calibration error: the mean over the rows of |share right - mean probability| of their bin.
  double value() const;
  /// Bin i holds probabilities from i / count on; the last one 1 as well.
  std::span<const Bin> bins() const { return bins_; }

 private:
  std::vector<Bin> bins_;
};

}  // namespace bpnet
