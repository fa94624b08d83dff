#pragma once
// Which classes were taken for which: counts per class for the metrics, the whole matrix for the report.

#include <cstddef>
#include <span>
#include <vector>

#include "metrics/metric.hpp"

namespace bpnet {

/// The class an answer names: the most probable one, the first of equals.
std::size_t most_probable(std::span<const Real> probabilities);

/// Of one class, sums of row weights: rows that are of it, rows taken for it, and rows where both is true.
struct ClassCount {
  double actual = 0, predicted = 0, correct = 0;
  double recall() const { return actual > 0 ? correct / actual : 0; }
  double precision() const { return predicted > 0 ? correct / predicted : 0; }
  double f1() const { return actual + predicted > 0 ? 2 * correct / (actual + predicted) : 0; }
};

class ClassCounts {
 public:
  explicit ClassCounts(int classes) : counts_(static_cast<std::size_t>(classes)) {}
  void add(const Judged& batch);
  void merge(const ClassCounts& other);
  void clear();
  std::vector<double> state() const;
  void restore(std::span<const double> state);
  std::span<const ClassCount> counts() const { return counts_; }

 private:
  std::vector<ClassCount> counts_;
};

class Confusion {
 public:
  explicit Confusion(int classes);
  void add(const Judged& batch);
  void merge(const Confusion& other);
  int classes() const { return static_cast<int>(classes_); }
  /// Sum of the weights of rows that are of class `actual` and were taken for `predicted`.
  double at(int actual, int predicted) const;
  ClassCount count(int of) const;

 private:
  std::size_t classes_;
  std::vector<double> sums_;  // (classes, classes)
};

}  // namespace bpnet
