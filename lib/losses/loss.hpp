#pragma once
// The contract of losses: a sum over rows, its gradient, and what the network's numbers mean.

#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/shape.hpp"
#include "spec/options.hpp"

namespace bpnet {

/// What one number of a row's answer says.
struct Answer {
  enum class Kind : std::uint8_t { probability, value, quantile, deviation } kind = Kind::value;
  double level = 0;  // of a quantile
};

/// How a target's numbers are scaled: value in the column's unit = scaled * deviation + mean.
struct TargetScale {
  double mean = 0, deviation = 1;
  bool operator==(const TargetScale&) const = default;
};

/// The error of the forecast that every step is as it was a season before.
struct SeasonalError {
  int season = 1;    // steps
  double error = 0;  // mean absolute, over the training rows; NaN: there are none so far apart
};

/// What one target is: a class, or a number.
struct TargetKind {
  static constexpr std::int32_t unknown_characters = -1;
  std::string name;
  bool classes = false;                       // false: numbers
  std::vector<std::string> labels;            // of classes, in order; of two the last is positive
  std::vector<std::int64_t> counts;           // training rows of each class
  std::vector<double> weights;                // sums of those rows' weights; empty: each row's is 1
  double least = 0, mean = 0, deviation = 1;  // of a number, over the training rows
  std::vector<std::int32_t>
      characters;         // of classes that are tokens of a text: how long each is; 0: within a character
  bool text = false;      // of tokens: those of texts that the model tells whole
  std::string separator;  // of such texts that are lists of symbols; else empty
  std::string column;     // whose value it is, where a series has several steps told; else empty
  int ahead = 0;          // steps behind a window of a series; 0: it is no forecast
  std::vector<SeasonalError> seasonal;  // of a forecast of numbers, for the seasons that were asked for
  std::vector<Answer> answers;  // of its loss, the point answer of a number first; empty: none chosen yet
  const std::string& column_name() const { return column.empty() ? name : column; }
  /// What answers and values of a number are told less: its mean, where that is so far from 0 that a float
  /// would not hold the differences.
  double origin() const {
    constexpr double far = 1000;  // deviations
    return !classes && std::abs(mean) > far * deviation ? mean : 0;
  }
  int class_count() const { return static_cast<int>(labels.size()); }
  /// How much the training rows of each class count.
  std::vector<double> class_weights() const {
    return weights.empty() ? std::vector<double>(counts.begin(), counts.end()) : weights;
  }
};

/// Targets of a batch. One of the two spans is in use.
struct Truth {
  std::span<const std::int32_t> classes;  // (rows); -1: no target in this row, left out
  std::span<const Real> values;           // (rows), scaled; NaN: no target in this row, left out
  std::span<const Real> weights;          // (rows) or empty: all 1
};

/// Sum of the weighted losses and of the weights; means are taken by the caller, so ragged batches change
/// nothing.
struct LossSum {
  double sum = 0, weight = 0;
  LossSum& operator+=(const LossSum& o) {
    sum += o.sum;
    weight += o.weight;
    return *this;
  }
  double mean() const { return weight > 0 ? sum / weight : 0; }
};

struct Loss : Options {
  double weight = 1;  // in the sum of the losses of several targets
  void visit_common(Visitor& v) override {
    v("weight", weight, above(0), "of several targets: what this one's loss is multiplied by in their sum");
  }
  /// Outputs per row for this target. Throws Misfit-like Error when the loss does not fit the target.
  virtual int width(const TargetKind& target) const = 0;
  /// True if this loss can serve the target, with the reason otherwise (for the message).
  virtual std::string objection(const TargetKind& target) const = 0;  // "": fits
  /// Called once, when the target's classes are known (class weights by name). Throws Error(configuration).
  virtual void bind(const TargetKind&) {}
  /// Loss of a batch: `logits` (rows, width). When `gradient` has data it is assigned the gradient of the
  /// *sum*. Nothing is allocated.
  virtual LossSum compute(const View& logits, const Truth& truth, const View& gradient) const = 0;
  /// Logits to answers, as answers() lists them (rows, answers): probabilities of all classes, or numbers,
  /// still scaled.
  virtual void answer(const View& logits, std::span<Real> out) const = 0;
  /// What a row's answers say: a probability for each class; the value of a number and what else is known of
  /// it.
  virtual std::vector<Answer> answers(const TargetKind& target) const;
  /// Spreads this share of the target evenly over all classes; a number has none.
  virtual void smooth(double /*share*/) {}
  /// The scale the loss wants a number on, given the standard one (mean 0 and deviation 1 over the training
  /// rows, or {0, 1} where the settings switch it off).
  virtual TargetScale scale(const TargetKind&, const TargetScale& standard) const { return standard; }
};

/// Inputs of the entries: "classes:N" (their labels are a, b, ...) or "number".
extern const Table losses;

/// The default: cross_entropy for more than two classes, binary_cross_entropy for two, mse for numbers.
const char* default_loss(const TargetKind& target);

}  // namespace bpnet
