#include "metrics/averaged.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "spec/spec.hpp"

namespace bpnet {

namespace {

using Average = AveragedMetric::Average;
constexpr std::array average_words = {"auto", "macro", "micro", "weighted", "binary"};

std::optional<std::size_t> class_named(const TargetKind& target, const std::string& name) {
  const auto at = std::find(target.labels.begin(), target.labels.end(), name);
  if (at == target.labels.end()) return std::nullopt;
  return static_cast<std::size_t>(at - target.labels.begin());
}

struct AveragedSums : ClassCounts {
  AveragedSums(int classes, AveragedMetric::OfClass metric, Average how, std::optional<std::size_t> one)
      : ClassCounts(classes), of_class(metric), average(how), only(one) {}
  AveragedMetric::OfClass of_class;
  Average average;
  std::optional<std::size_t> only;

  double value() const {
    double sum = 0, weight = 0, rows = 0, correct = 0;
    for (const ClassCount& c : counts()) {
      const bool seen = c.actual + c.predicted > 0;
      const double w = average == Average::macro ? seen : c.actual;
      sum += w * (c.*of_class)();
      weight += w;
      rows += c.actual;
      correct += c.correct;
    }
    if (rows <= 0) return std::numeric_limits<double>::quiet_NaN();
    if (only) return (counts()[*only].*of_class)();
    if (average == Average::binary) return (counts().back().*of_class)();
    if (average == Average::micro) return correct / rows;
    return sum / weight;
  }
};

}  // namespace

void AveragedMetric::visit(Visitor& v) {
  v("average", average, average_words,
    "over classes; auto is the positive class of two (binary), macro for more");
  v.optional("class", only, "all", "of this class alone");
}

std::string AveragedMetric::variant() const {
  if (only) return *only;
  return average == Average::automatic ? "" : average_words[static_cast<std::size_t>(average)];
}

std::string AveragedMetric::objection(const TargetKind& target) const {
  if (std::string why = ClassMetric::objection(target); !why.empty()) return why;
  if (average == Average::binary && target.class_count() != 2)
    return "average: binary needs two classes, but '" + target.name + "' has " +
           std::to_string(target.class_count());
  if (only && !class_named(target, *only)) {
    const auto near = near_words(*only, target.labels);
    return "'" + target.name + "' has no class '" + *only + "'" +
           (near.empty() ? "" : "; did you mean '" + near[0] + "'?");
  }
  if (only && average != Average::automatic) return "of one class there is nothing to average";
  return "";
}

std::unique_ptr<Tally> AveragedMetric::tally(const TargetKind& target) const {
  const int classes = target.class_count();
  const Average fitting = classes == 2 ? Average::binary : Average::macro;
  return tally_of(AveragedSums(classes, of_class, average == Average::automatic ? fitting : average,
                               only ? class_named(target, *only) : std::nullopt));
}

}  // namespace bpnet
