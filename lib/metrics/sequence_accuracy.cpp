#include <algorithm>

#include "metrics/tally.hpp"
#include "spec/table.hpp"

namespace bpnet::metric_entries {

namespace {

struct SequenceAccuracySums : Mean {
  void add(const Judged& batch) {
    for (const Told& told : batch.texts)
      add_row(std::find(told.right.begin(), told.right.end(), told.text) != told.right.end(), 1);
  }
};

struct SequenceAccuracy final : TextMetric {
  bool higher_is_better() const override { return true; }
  std::unique_ptr<Tally> tally(const TargetKind&) const override { return tally_of(SequenceAccuracySums{}); }
};

}  // namespace

extern const Entry sequence_accuracy = {"sequence_accuracy",
                                        "share of texts that are right as a whole",
                                        "exact_match em word_accuracy",
                                        "sequence_accuracy",
                                        "text",
                                        make<SequenceAccuracy>};

}  // namespace bpnet::metric_entries
