#include <algorithm>
#include <cmath>
#include <limits>

#include "metrics/tally.hpp"
#include "spec/table.hpp"

namespace bpnet::metric_entries {

namespace {

struct MapeSums : Mean {
  void add(const Judged& batch) {
    // A target of 0 makes the mean huge, but not infinite, as in scikit-learn.
    constexpr double least = std::numeric_limits<double>::epsilon();
    each_valued(batch, [&](double answer, double target, double w) {
      add_row(std::abs(answer - target) / std::max(std::abs(batch.origin + target), least), w);
    });
  }
};

struct Mape final : NumberMetric {
  bool higher_is_better() const override { return false; }
  std::unique_ptr<Tally> tally(const TargetKind&) const override { return tally_of(MapeSums{}); }
};

}  // namespace

extern const Entry mape = {"mape",
                           "mean absolute error as a share of the target (0.1 is 10 %); of no use near 0",
                           "mean_absolute_percentage_error MeanAbsolutePercentageError",
                           "mape",
                           "number",
                           make<Mape>};

}  // namespace bpnet::metric_entries
