#pragma once
// Metrics of the order that scores give, one class against the rest. They need all scores at once, so memory
// grows with the rows.

#include <cstdint>
#include <span>
#include <vector>

#include "metrics/tally.hpp"

namespace bpnet {

struct Ranked {
  Real score;
  double positive, negative;  // the row's weight is in one of the two
};

class Ranking {
 public:
  /// Of rows in ascending order of their scores; NaN where it is not defined.
  using OfClass = double (*)(std::span<const Ranked> rows);

  Ranking(int classes, OfClass metric) : of_class_(metric), classes_(static_cast<std::size_t>(classes)) {}
  void add(const Judged& batch);
  void merge(const Ranking& other);
  /// Of two classes the positive one's; of more the mean over the classes where it is defined.
  double value() const;
  void clear();
  std::vector<double> state() const;
  void restore(std::span<const double> state);

 private:
  std::size_t columns() const { return classes_ == 2 ? 1 : classes_; }
  OfClass of_class_;
  std::size_t classes_;
  std::vector<Real> scores_;  // (rows, columns()): two classes keep the positive one's
  std::vector<std::int32_t> actual_;
  std::vector<double> weights_;
};

}  // namespace bpnet
