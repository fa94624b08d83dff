#include <algorithm>
#include <cmath>
#include <limits>

#include "metrics/tally.hpp"
#include "spec/table.hpp"

namespace bpnet::metric_entries {

namespace {

struct Sums : Mean {
  void add(const Judged& batch) {
    // A probability of 0 or 1 is as sure as the number type can tell, as in scikit-learn.
    constexpr double least = std::numeric_limits<Real>::epsilon();
    const auto width = static_cast<std::size_t>(batch.width);
    each_classified(batch, [&](std::size_t row, std::size_t actual, double w) {
      const double p = batch.answers[row * width + actual];
      add_row(-std::log(std::clamp(p, least, 1 - least)), w);
    });
  }
};

struct LogLoss final : ClassMetric {
  bool higher_is_better() const override { return false; }
  std::unique_ptr<Tally> tally(const TargetKind&) const override { return tally_of(Sums{}); }
};

}  // namespace

extern const Entry log_loss = {"log_loss",
                               "mean of -log of the probability given to the right class",
                               "logloss neg_log_loss negative_log_likelihood cross_entropy",
                               "log_loss",
                               "classes:3",
                               make<LogLoss>};

}  // namespace bpnet::metric_entries
