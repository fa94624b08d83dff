#pragma once
// The contract of metrics: accumulate over batches, merge, tell the value.

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "losses/loss.hpp"

namespace bpnet {

/// A text that was told, and those that would be right.
struct Told {
  std::string text;
  std::vector<std::string> right;
};

/// Answers of a batch beside the truth, in the column's own unit; of numbers both less an origin.
struct Judged {
  int rows = 0, width = 0;                // answers per row
  std::span<const Real> answers;          // (rows, width): probabilities of classes, or values
  std::span<const std::int32_t> classes;  // (rows), for classes; -1: left out
  std::span<const Real> values;           // (rows), for numbers; NaN: left out
  std::span<const Real> weights;          // (rows) or empty
  std::span<const Told> texts = {};       // for metrics that read texts; else empty
  double origin = 0;                      // of numbers: TargetKind::origin()
};

/// Sums of one evaluation.
class Tally {
 public:
  virtual ~Tally() = default;
  virtual void add(const Judged& batch) = 0;
  virtual void merge(const Tally& other) = 0;  // of the same metric
  virtual double value() const = 0;            // NaN where it is not defined
  virtual void clear() = 0;
  /// Everything added so far, for checkpoints in the middle of an epoch: restore(state()) changes nothing,
  /// bit for bit.
  virtual std::vector<double> state() const = 0;
  virtual void restore(std::span<const double> state) = 0;
};

struct Metric : Options {
  virtual std::string objection(const TargetKind& target) const = 0;  // "": fits
  /// Is told whole texts, of which evaluation has to find each: not of training rows.
  virtual bool reads_texts() const { return false; }
  /// Follows the name in logs where options make another metric of it: f1_macro, top_k_3.
  virtual std::string variant() const { return ""; }
  virtual bool higher_is_better() const = 0;
  /// Steps of the season whose seasonal error it wants to know (TargetKind::seasonal); 0: of none.
  virtual int season_wanted() const { return 0; }
  /// False if a better value can come from a worse model, so that it chooses no best epoch.
  virtual bool chooses() const { return true; }
  virtual std::unique_ptr<Tally> tally(const TargetKind& target) const = 0;
};

extern const Table metrics;

/// Names used by `metrics: auto`, the main one first: accuracy, f1, (roc_auc for two classes), log_loss;
/// rmse, mae, r2, of forecasts mase, rmse, mae,
/// accuracy and sequence_accuracy of labels of steps, perplexity of tokens,
/// and for losses that answer more than a value: pinball and coverage.
std::vector<const char*> default_metrics(const TargetKind& target);

}  // namespace bpnet
