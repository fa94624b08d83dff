#include "metrics/ranking.hpp"
#include "spec/table.hpp"

namespace bpnet::metric_entries {

namespace {

/// Probability that a positive row has a higher score than a negative one; ties count half (Mann and
/// Whitney 1947). NaN when one of the two kinds is missing.
double area(std::span<const Ranked> rows) {
  double won = 0, positives = 0, negatives = 0;
  for (std::size_t i = 0; i < rows.size();) {
    double positive = 0, negative = 0;
    for (const Real score = rows[i].score; i < rows.size() && rows[i].score == score; ++i) {
      positive += rows[i].positive;
      negative += rows[i].negative;
    }
    won += positive * (negatives + negative / 2);
    positives += positive;
    negatives += negative;
  }
  return won / (positives * negatives);
}

struct RocAuc final : ClassMetric {
  bool higher_is_better() const override { return true; }
  std::unique_ptr<Tally> tally(const TargetKind& target) const override {
    return tally_of(Ranking(target.class_count(), area));
  }
};

}  // namespace

extern const Entry roc_auc = {
    "roc_auc",
    "area under the ROC curve; for more than two classes the mean of one against rest",
    "auc AUC roc_auc_score AUROC area_under_curve",
    "roc_auc",
    "classes:3",
    make<RocAuc>};

}  // namespace bpnet::metric_entries
