#include <array>
#include <limits>

#include "metrics/confusion.hpp"
#include "metrics/tally.hpp"
#include "spec/table.hpp"

namespace bpnet::metric_entries {

namespace {

enum class Average : std::uint8_t { automatic, macro, micro, weighted, binary };
constexpr std::array average_words = {"auto", "macro", "micro", "weighted", "binary"};

struct Sums : ClassCounts {
  Sums(int classes, Average how) : ClassCounts(classes), average(how) {}
  Average average;

  double value() const {
    double sum = 0, weight = 0, rows = 0, correct = 0;
    for (const ClassCount& c : counts()) {
      const bool seen = c.actual + c.predicted > 0;
      const double w = average == Average::macro ? seen : c.actual;
      sum += w * c.f1();
      weight += w;
      rows += c.actual;
      correct += c.correct;
    }
    if (rows <= 0) return std::numeric_limits<double>::quiet_NaN();
    if (average == Average::binary) return counts().back().f1();
    // Every row has one class and one answer, so F1 over all of them is the share that is right.
    if (average == Average::micro) return correct / rows;
    return sum / weight;
  }
};

struct F1 final : ClassMetric {
  Average average = Average::automatic;

  void visit(Visitor& v) override {
    v("average", average, average_words,
      "over classes; auto is the positive class of two (binary), macro for more");
  }
  std::string objection(const TargetKind& target) const override {
    if (average == Average::binary && target.classes && target.class_count() != 2)
      return "average: binary needs two classes, but '" + target.name + "' has " +
             std::to_string(target.class_count());
    return ClassMetric::objection(target);
  }
  bool higher_is_better() const override { return true; }
  std::unique_ptr<Tally> tally(const TargetKind& target) const override {
    const int classes = target.class_count();
    if (average != Average::automatic) return tally_of(Sums(classes, average));
    return tally_of(Sums(classes, classes == 2 ? Average::binary : Average::macro));
  }
};

}  // namespace

extern const Entry f1 = {"f1",
                         "harmonic mean of precision and recall",
                         "f1_score F1Score f_measure f_score fscore",
                         "f1: macro",
                         "classes:3",
                         make<F1>};

}  // namespace bpnet::metric_entries
