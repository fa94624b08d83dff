#pragma once
// Whether a target is classes or a number.

#include <set>

#include "data/csv_number.hpp"
#include "data/typing.hpp"

namespace bpnet {

/// Different values, as far as the rules need them.
class ValueSet {
 public:
  void add(double value);
  /// Not all whole or more than 50 different ones, and more than two: whatever comes, it is a number.
  bool surely_number() const { return values_.size() > 2 && (fractions_ || values_.size() > most_classes); }
  std::size_t size() const { return values_.size(); }  // counted up to one more than most_classes
  static constexpr std::size_t most_classes = 50;

 private:
  std::set<double> values_;
  bool fractions_ = false;
};

/// A target of few whole numbers, and how many different ones.
struct UnclearTarget {
  std::string name;
  std::size_t values = 0;
};

/// The error that asks for the types of such targets.
Problem which_it_is(std::span<const UnclearTarget> unclear);

/// The use of a target by the rules. What cannot be told goes to `unclear`, what cannot be learnt to
/// `problems` (configuration).
ColumnUse use_of_target(const Facts& facts, const Choice* declared, const std::string& name,
                        const RawTable& raw, const ReadColumn& column, const std::vector<bool>& training,
                        NumberMarks marks, std::span<const DataRequest::Hint> hints,
                        std::vector<Problem>& problems, std::vector<UnclearTarget>& unclear);

}  // namespace bpnet
