#include <cmath>
#include <limits>

#include "metrics/confusion.hpp"
#include "metrics/tally.hpp"
#include "spec/table.hpp"

namespace bpnet::metric_entries {

namespace {

struct MatthewsSums : ClassCounts {
  using ClassCounts::ClassCounts;
  /// Gorodkin 2004, for any number of classes. 0 if all rows are of one class or were taken for one.
  double value() const {
    double rows = 0, correct = 0, both = 0, actual = 0, predicted = 0;
    for (const ClassCount& c : counts()) {
      rows += c.actual;
      correct += c.correct;
      both += c.actual * c.predicted;
      actual += c.actual * c.actual;
      predicted += c.predicted * c.predicted;
    }
    if (rows <= 0) return std::numeric_limits<double>::quiet_NaN();
    const double spread = (rows * rows - actual) * (rows * rows - predicted);
    return spread > 0 ? (correct * rows - both) / std::sqrt(spread) : 0;
  }
};

struct Matthews final : ClassMetric {
  bool higher_is_better() const override { return true; }
  std::unique_ptr<Tally> tally(const TargetKind& target) const override {
    return tally_of(MatthewsSums(target.class_count()));
  }
};

}  // namespace

extern const Entry matthews = {"matthews",
                               "Matthews correlation of classes and answers, -1 to 1; 0 is guessing",
                               "matthews_corrcoef mcc MCC MatthewsCorrCoef phi",
                               "matthews",
                               "classes:3",
                               make<Matthews>};

}  // namespace bpnet::metric_entries
