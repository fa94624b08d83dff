#include "metrics/tally.hpp"
#include "spec/table.hpp"

namespace bpnet::metric_entries {

namespace {

struct CoverageSums : Mean {
  std::size_t low = 0, high = 0;  // columns of the quantiles; low is high: of the deviation
  CoverageSums(std::size_t from, std::size_t to) : low(from), high(to) {}

  void add(const Judged& batch) {
    constexpr double within = 1.959963984540054;  // deviations that hold 95 % of a normal distribution
    each_valued(batch, [&](std::span<const Real> row, double value, double w) {
      const double spread = low == high ? within * static_cast<double>(row[low]) : 0;
      const double from = static_cast<double>(low == high ? row[0] : row[low]) - spread,
                   to = static_cast<double>(low == high ? row[0] : row[high]) + spread;
      add_row(from <= value && value <= to ? 1 : 0, w);
    });
  }
  void clear() { Mean::clear(); }
  std::vector<double> state() const { return {sum, weight}; }
  void restore(std::span<const double> state) {
    sum = state[0];
    weight = state[1];
  }
};

struct Coverage final : NumberMetric {
  std::string objection(const TargetKind& target) const override {
    if (target.classes) return NumberMetric::objection(target);
    if (target.answers.size() > 2) return "";
    if (target.answers.size() == 2 && target.answers[1].kind == Answer::Kind::deviation) return "";
    return "needs intervals: loss: {quantile: [0.05, 0.95]}, or loss: gaussian_nll";
  }
  bool higher_is_better() const override { return true; }
  bool chooses() const override { return false; }  // the widest intervals cover most
  std::unique_ptr<Tally> tally(const TargetKind& target) const override {
    return tally_of(CoverageSums(1, target.answers.size() - 1));
  }
};

}  // namespace

extern const Entry coverage = {
    "coverage",
    "share of rows inside the outermost quantiles, or the 95 % interval of gaussian_nll",
    "picp interval_coverage prediction_interval_coverage",
    "coverage",
    "quantiles",
    make<Coverage>};

}  // namespace bpnet::metric_entries
