#include <limits>

#include "metrics/tally.hpp"
#include "spec/table.hpp"

namespace bpnet::metric_entries {

namespace {

/// The spread about the mean is kept as it grows (Chan, Golub, LeVeque 1979): a sum of squares minus the
/// square of a sum would lose all digits for values far from zero.
struct Sums {
  double rows = 0, weight = 0, mean = 0, spread = 0, error = 0;

  void add(const Judged& batch) {
    each_valued(batch, [&](double answer, double value, double w) {
      merge({1, w, value, 0, w * (answer - value) * (answer - value)});
    });
  }
  void merge(const Sums& other) {
    rows += other.rows;
    error += other.error;
    if (other.weight <= 0) return;
    const double both = weight + other.weight, distance = other.mean - mean;
    spread += other.spread + distance * distance * weight * (other.weight / both);
    mean += distance * (other.weight / both);
    weight = both;
  }
  /// Of targets that are all equal: 1 if they are met, else 0, as in scikit-learn.
  double value() const {
    if (rows < 2 || weight <= 0) return std::numeric_limits<double>::quiet_NaN();
    if (spread > 0) return 1 - error / spread;
    return error > 0 ? 0 : 1;
  }
  void clear() { *this = {}; }
};

struct R2 final : NumberMetric {
  bool higher_is_better() const override { return true; }
  std::unique_ptr<Tally> tally(const TargetKind&) const override { return tally_of(Sums{}); }
};

}  // namespace

extern const Entry r2 = {"r2",
                         "share of the target's variance that is explained, at most 1",
                         "r2_score R2Score r_squared rsquared coefficient_of_determination",
                         "r2",
                         "number",
                         make<R2>};

}  // namespace bpnet::metric_entries
