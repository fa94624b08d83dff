#include <cmath>

#include "metrics/tally.hpp"
#include "spec/table.hpp"

namespace bpnet::metric_entries {

namespace {

struct RmseSums : Mean {
  void add(const Judged& batch) {
    each_valued(batch, [&](double answer, double target, double w) {
      add_row((answer - target) * (answer - target), w);
    });
  }
  double value() const { return std::sqrt(Mean::value()); }
};

struct Rmse final : NumberMetric {
  bool higher_is_better() const override { return false; }
  std::unique_ptr<Tally> tally(const TargetKind&) const override { return tally_of(RmseSums{}); }
};

}  // namespace

extern const Entry rmse = {"rmse",
                           "root of the mean squared error, in the target's unit",
                           "root_mean_squared_error RootMeanSquaredError mse mean_squared_error "
                           "neg_mean_squared_error neg_root_mean_squared_error",
                           "rmse",
                           "number",
                           make<Rmse>};

}  // namespace bpnet::metric_entries
