#include <cmath>

#include "metrics/tally.hpp"
#include "spec/table.hpp"

namespace bpnet::metric_entries {

namespace {

struct MaeSums : Mean {
  void add(const Judged& batch) {
    each_valued(batch,
                [&](double answer, double target, double w) { add_row(std::abs(answer - target), w); });
  }
};

struct Mae final : NumberMetric {
  bool higher_is_better() const override { return false; }
  std::unique_ptr<Tally> tally(const TargetKind&) const override { return tally_of(MaeSums{}); }
};

}  // namespace

extern const Entry mae = {
    "mae",
    "mean absolute error, in the target's unit",
    "mean_absolute_error MeanAbsoluteError l1 neg_mean_absolute_error median_absolute_error",
    "mae",
    "number",
    make<Mae>};

}  // namespace bpnet::metric_entries
