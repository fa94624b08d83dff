#include "metrics/confusion.hpp"
#include "metrics/tally.hpp"
#include "spec/table.hpp"

namespace bpnet::metric_entries {

namespace {

struct BalancedAccuracySums : ClassCounts {
  using ClassCounts::ClassCounts;
  double value() const {
    double sum = 0, present = 0;
    for (const ClassCount& c : counts()) {
      if (c.actual <= 0) continue;
      sum += c.recall();
      present += 1;
    }
    return sum / present;
  }
};

struct BalancedAccuracy final : ClassMetric {
  bool higher_is_better() const override { return true; }
  std::unique_ptr<Tally> tally(const TargetKind& target) const override {
    return tally_of(BalancedAccuracySums(target.class_count()));
  }
};

}  // namespace

extern const Entry balanced_accuracy = {"balanced_accuracy",
                                        "mean over the classes of the share of their rows that is right",
                                        "balanced_accuracy_score macro_recall",
                                        "balanced_accuracy",
                                        "classes:3",
                                        make<BalancedAccuracy>};

}  // namespace bpnet::metric_entries
