#include "metrics/spread.hpp"
#include "metrics/tally.hpp"
#include "spec/table.hpp"

namespace bpnet::metric_entries {

namespace {

struct R2Sums {
  Spread target;
  double error = 0;

  void add(const Judged& batch) {
    each_valued(batch, [&](double answer, double value, double w) {
      target.add(value, w);
      error += w * (answer - value) * (answer - value);
    });
  }
  void merge(const R2Sums& other) {
    target.merge(other.target);
    error += other.error;
  }
  double value() const { return target.explained(error); }
  void clear() { *this = {}; }
};

struct R2 final : NumberMetric {
  bool higher_is_better() const override { return true; }
  std::unique_ptr<Tally> tally(const TargetKind&) const override { return tally_of(R2Sums{}); }
};

}  // namespace

extern const Entry r2 = {"r2",
                         "share of the target's variance that is explained, at most 1",
                         "r2_score R2Score r_squared rsquared coefficient_of_determination",
                         "r2",
                         "number",
                         make<R2>};

}  // namespace bpnet::metric_entries
