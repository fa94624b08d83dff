#include "metrics/surprise.hpp"
#include "spec/table.hpp"

namespace bpnet::metric_entries {

namespace {

struct LogLoss final : ClassMetric {
  bool higher_is_better() const override { return false; }
  std::unique_ptr<Tally> tally(const TargetKind&) const override { return tally_of(Surprises<false>{}); }
};

}  // namespace

extern const Entry log_loss = {"log_loss",
                               "mean of -log of the probability given to the right class",
                               "logloss neg_log_loss negative_log_likelihood cross_entropy",
                               "log_loss",
                               "classes:3",
                               make<LogLoss>};

}  // namespace bpnet::metric_entries
