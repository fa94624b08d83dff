#include "metrics/tally.hpp"
#include "spec/table.hpp"

namespace bpnet::metric_entries {

namespace {

struct PinballSums : Mean {
  std::vector<Answer> answers;
  explicit PinballSums(std::vector<Answer> of) : answers(std::move(of)) {}

  void add(const Judged& batch) {
    each_valued(batch, [&](std::span<const Real> row, double value, double w) {
      double losses = 0, levels = 0;
      for (std::size_t a = 0; a < answers.size(); ++a) {
        if (answers[a].kind != Answer::Kind::quantile) continue;
        const double d = value - static_cast<double>(row[a]);
        losses += d > 0 ? answers[a].level * d : (answers[a].level - 1) * d;
        levels += 1;
      }
      add_row(losses / levels, w);
    });
  }
  void clear() { Mean::clear(); }
  std::vector<double> state() const { return {sum, weight}; }
  void restore(std::span<const double> state) {
    sum = state[0];
    weight = state[1];
  }
};

struct Pinball final : NumberMetric {
  std::string objection(const TargetKind& target) const override {
    if (target.classes) return NumberMetric::objection(target);
    for (const Answer& answer : target.answers)
      if (answer.kind == Answer::Kind::quantile) return "";
    return "needs quantiles: loss: {quantile: [0.05, 0.5, 0.95]}";
  }
  bool higher_is_better() const override { return false; }
  std::unique_ptr<Tally> tally(const TargetKind& target) const override {
    return tally_of(PinballSums{target.answers});
  }
};

}  // namespace

extern const Entry pinball = {"pinball",
                              "mean pinball loss of all quantiles, in the target's unit",
                              "mean_pinball_loss pinball_loss quantile_loss",
                              "pinball",
                              "quantiles",
                              make<Pinball>};

}  // namespace bpnet::metric_entries
