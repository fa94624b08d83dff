#include "metrics/tally.hpp"
#include "spec/table.hpp"

namespace bpnet::metric_entries {

namespace {

struct BrierSums : Mean {
  /// Brier 1950 sums over all classes; of two they are the same number, which counts once.
  void add(const Judged& batch) {
    const auto width = static_cast<std::size_t>(batch.width);
    each_classified(batch, [&](std::size_t row, std::size_t actual, double w) {
      double misses = 0;
      for (std::size_t c = width == 2 ? 1 : 0; c < width; ++c) {
        const double miss = static_cast<double>(batch.answers[row * width + c]) - (c == actual ? 1 : 0);
        misses += miss * miss;
      }
      add_row(misses, w);
    });
  }
};

struct Brier final : ClassMetric {
  bool higher_is_better() const override { return false; }
  std::unique_ptr<Tally> tally(const TargetKind&) const override { return tally_of(BrierSums{}); }
};

}  // namespace

extern const Entry brier = {
    "brier",
    "mean squared error of the probabilities: of the positive class of two, else summed over the classes",
    "brier_score brier_score_loss BrierScore",
    "brier",
    "classes:3",
    make<Brier>};

}  // namespace bpnet::metric_entries
