// Hyndman and Koehler 2006.

#include <algorithm>
#include <cmath>
#include <limits>

#include "metrics/tally.hpp"
#include "spec/table.hpp"

namespace bpnet::metric_entries {

namespace {

struct MaseSums : Mean {
  double scale;
  explicit MaseSums(double by) : scale(by) {}
  void add(const Judged& batch) {
    each_valued(batch, [&](double answer, double target, double w) {
      add_row(std::abs(answer - target) / scale, w);
    });
  }
  void clear() { Mean::clear(); }
};

struct Mase final : NumberMetric {
  std::int64_t season = 1;
  void visit(Visitor& v) override {
    v("season", season, between(1, 1 << 20), "steps after which the series repeats itself; 1: none");
  }
  const SeasonalError* error_of(const TargetKind& target) const {
    const auto at = std::find_if(target.seasonal.begin(), target.seasonal.end(),
                                 [&](const SeasonalError& e) { return e.season == season; });
    return at == target.seasonal.end() ? nullptr : &*at;
  }
  std::string objection(const TargetKind& target) const override {
    if (target.classes) return NumberMetric::objection(target);
    const SeasonalError* const error = error_of(target);
    if (!error) return "needs a forecast: data.series with a horizon of 1 or more";
    if (std::isnan(error->error))
      return "no two training rows of a series are " + std::to_string(season) + " steps apart";
    return error->error > 0 ? "" : "the target is the same in all training rows a season apart";
  }
  int season_wanted() const override { return static_cast<int>(season); }
  bool higher_is_better() const override { return false; }
  std::unique_ptr<Tally> tally(const TargetKind& target) const override {
    return tally_of(MaseSums{error_of(target)->error});
  }
};

}  // namespace

extern const Entry mase = {
    "mase",
    "mean absolute error as a share of that of the seasonal naive forecast in the training rows",
    "mean_absolute_scaled_error MeanAbsoluteScaledError",
    "mase: 12",
    "forecast",
    make<Mase>};

}  // namespace bpnet::metric_entries
