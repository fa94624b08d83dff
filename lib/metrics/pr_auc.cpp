#include <limits>

#include "metrics/ranking.hpp"
#include "spec/table.hpp"

namespace bpnet::metric_entries {

namespace {

/// Average precision: sum over thresholds, the highest first, of precision times the growth of recall,
/// without interpolation (as scikit-learn's average_precision_score). NaN when there is no positive row.
double average_precision(std::span<const Ranked> rows) {
  double sum = 0, positives = 0, taken = 0;
  for (std::size_t i = rows.size(); i > 0;) {
    double positive = 0;
    for (const Real score = rows[i - 1].score; i > 0 && rows[i - 1].score == score; --i) {
      positive += rows[i - 1].positive;
      taken += rows[i - 1].positive + rows[i - 1].negative;
    }
    positives += positive;
    if (positive > 0) sum += positive * (positives / taken);
  }
  return positives > 0 ? sum / positives : std::numeric_limits<double>::quiet_NaN();
}

struct PrAuc final : ClassMetric {
  bool higher_is_better() const override { return true; }
  std::unique_ptr<Tally> tally(const TargetKind& target) const override {
    return tally_of(Ranking(target.class_count(), average_precision));
  }
};

}  // namespace

extern const Entry pr_auc = {
    "pr_auc",
    "average precision, the area under the precision-recall curve; for more than two classes the mean of one "
    "against rest",
    "average_precision average_precision_score auprc AUPRC",
    "pr_auc",
    "classes:3",
    make<PrAuc>};

}  // namespace bpnet::metric_entries
