#pragma once
// Mean and spread of numbers as they come in.

namespace bpnet {

/// The spread about the mean is kept as it grows (Chan, Golub, LeVeque 1979): a sum of squares minus the
/// square of a sum would lose all digits for values far from zero.
struct Spread {
  double rows = 0, weight = 0, mean = 0, squares = 0;  // squares: sum of w * (x - mean)^2

  void add(double x, double w) { merge({1, w, x, 0}); }
  void merge(const Spread& other) {
    rows += other.rows;
    if (other.weight <= 0) return;
    const double both = weight + other.weight, distance = other.mean - mean;
    squares += other.squares + distance * distance * weight * (other.weight / both);
    mean += distance * (other.weight / both);
    weight = both;
  }
  /// 1 - left / squares, the share of the spread that is explained. Of numbers that are all equal: 1 if
  /// nothing is left, else 0, as in scikit-learn. NaN of fewer than two.
  double explained(double left) const;
};

}  // namespace bpnet
