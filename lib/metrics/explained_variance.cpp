#include "metrics/spread.hpp"
#include "metrics/tally.hpp"
#include "spec/table.hpp"

namespace bpnet::metric_entries {

namespace {

struct ExplainedVarianceSums {
  Spread target, residual;

  void add(const Judged& batch) {
    each_valued(batch, [&](double answer, double value, double w) {
      target.add(value, w);
      residual.add(value - answer, w);
    });
  }
  void merge(const ExplainedVarianceSums& other) {
    target.merge(other.target);
    residual.merge(other.residual);
  }
  double value() const { return target.explained(residual.squares); }
  void clear() { *this = {}; }
};

struct ExplainedVariance final : NumberMetric {
  bool higher_is_better() const override { return true; }
  std::unique_ptr<Tally> tally(const TargetKind&) const override { return tally_of(ExplainedVarianceSums{}); }
};

}  // namespace

extern const Entry explained_variance = {
    "explained_variance",
    "share of the target's variance that is explained when the mean error is left out of account",
    "explained_variance_score ExplainedVariance",
    "explained_variance",
    "number",
    make<ExplainedVariance>};

}  // namespace bpnet::metric_entries
