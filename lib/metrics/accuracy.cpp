#include "metrics/confusion.hpp"
#include "metrics/tally.hpp"
#include "spec/table.hpp"

namespace bpnet::metric_entries {

namespace {

struct AccuracySums : Mean {
  void add(const Judged& batch) {
    const auto width = static_cast<std::size_t>(batch.width);
    each_classified(batch, [&](std::size_t row, std::size_t actual, double w) {
      const bool right = most_probable(batch.answers.subspan(row * width, width)) == actual;
      add_row(right ? 1 : 0, w);
    });
  }
};

struct Accuracy final : ClassMetric {
  bool higher_is_better() const override { return true; }
  std::unique_ptr<Tally> tally(const TargetKind&) const override { return tally_of(AccuracySums{}); }
};

}  // namespace

extern const Entry accuracy = {"accuracy",
                               "share of the rows whose most probable class is right",
                               "acc accuracy_score Accuracy categorical_accuracy binary_accuracy "
                               "token_accuracy BinaryAccuracy CategoricalAccuracy SparseCategoricalAccuracy",
                               "accuracy",
                               "classes:3",
                               make<Accuracy>};

}  // namespace bpnet::metric_entries
