#pragma once
// Metrics of one class that are averaged over the classes: precision, recall, f1.

#include <optional>

#include "metrics/confusion.hpp"
#include "metrics/tally.hpp"

namespace bpnet {

/// Averages as scikit-learn's, with 0 where a class has no rows to divide by: macro over the classes that are
/// present or were predicted, weighted by the rows of a class, micro over all rows, binary of the positive
/// class of two. Every row has one class and one answer, so micro is the share that is right.
struct AveragedMetric : ClassMetric {
  using OfClass = double (ClassCount::*)() const;
  enum class Average : std::uint8_t { automatic, macro, micro, weighted, binary };

  explicit AveragedMetric(OfClass metric) : of_class(metric) {}
  OfClass of_class;
  Average average = Average::automatic;
  std::optional<std::string> only;  // this class alone

  void visit(Visitor& v) override;
  std::string variant() const override;
  std::string objection(const TargetKind& target) const override;
  bool higher_is_better() const override { return true; }
  std::unique_ptr<Tally> tally(const TargetKind& target) const override;
};

}  // namespace bpnet
