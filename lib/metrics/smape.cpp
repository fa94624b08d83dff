#include <cmath>

#include "metrics/tally.hpp"
#include "spec/table.hpp"

namespace bpnet::metric_entries {

namespace {

struct SmapeSums : Mean {
  void add(const Judged& batch) {
    each_valued(batch, [&](double answer, double target, double w) {
      const double size = std::abs(batch.origin + answer) + std::abs(batch.origin + target);
      add_row(size > 0 ? 2 * std::abs(answer - target) / size : 0, w);
    });
  }
};

struct Smape final : NumberMetric {
  bool higher_is_better() const override { return false; }
  std::unique_ptr<Tally> tally(const TargetKind&) const override { return tally_of(SmapeSums{}); }
};

}  // namespace

extern const Entry smape = {"smape",
                            "mean absolute error as a share of the mean of answer and target, 0 to 2",
                            "symmetric_mean_absolute_percentage_error SymmetricMeanAbsolutePercentageError",
                            "smape",
                            "number",
                            make<Smape>};

}  // namespace bpnet::metric_entries
