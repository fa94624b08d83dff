#include <algorithm>
#include <cassert>
#include <cmath>

#include "losses/fit.hpp"
#include "spec/table.hpp"

namespace bpnet::loss_entries {

namespace {

/// Mean of the pinball losses of several levels: Koenker and Bassett 1978. Answers of a row that cross are
/// sorted: Chernozhukov, Fernandez-Val, Galichon 2010.
struct Quantile final : NumberLoss {
  std::vector<double> levels = {0.05, 0.5, 0.95};

  void visit(Visitor& v) override {
    v("levels", levels, inside_unit(), "shares of rows that shall lie below the answers");
  }
  void bind(const TargetKind&) override {
    std::vector<double> sorted = levels;
    std::sort(sorted.begin(), sorted.end());
    if (sorted.empty())
      throw Error(Fault::configuration, "quantile needs at least one level",
                  {"say quantile: [0.05, 0.5, 0.95]"});
    if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
      throw Error(Fault::configuration, "quantile has a level twice", {"keep it once"});
    levels_.assign(sorted.begin(), sorted.end());
    // The point answer: the level nearest to the middle, or the mean of two that are equally near.
    const auto distance = [](double level) { return std::abs(level - 0.5); };
    low_ = high_ = 0;
    for (std::size_t q = 1; q < sorted.size(); ++q) {
      const double gain = distance(sorted[low_]) - distance(sorted[q]);
      if (gain < -1e-9) break;
      if (gain > 1e-9) low_ = q;
      high_ = q;
    }
  }
  int width(const TargetKind& target) const override {
    require_fit(*this, target);
    return static_cast<int>(levels.size());
  }
  LossSum compute(const View& logits, const Truth& truth, const View& gradient) const override {
    return loss_sum(math::quantile_error(logits.reals(), logits.rows(), levels_, truth.values.data(),
                                         weights_or_null(truth), gradient.reals()));
  }
  void answer(const View& logits, std::span<Real> out) const override {
    const std::size_t width = levels_.size();
    assert(out.size() == static_cast<std::size_t>(logits.rows()) * (width + 1));
    const Real* outputs = logits.reals();
    for (std::size_t at = 0; at < out.size(); at += width + 1, outputs += width) {
      const auto row = out.subspan(at + 1, width);
      std::copy_n(outputs, width, row.begin());
      std::sort(row.begin(), row.end());
      out[at] = low_ == high_ ? row[low_] : (row[low_] + row[high_]) / 2;
    }
  }
  std::vector<Answer> answers(const TargetKind&) const override {
    std::vector<Answer> out = {{Answer::Kind::value, 0}};
    std::vector<double> sorted = levels;
    std::sort(sorted.begin(), sorted.end());
    for (const double level : sorted) out.push_back({Answer::Kind::quantile, level});
    return out;
  }

 private:
  std::vector<Real> levels_;  // ascending
  std::size_t low_ = 0, high_ = 0;
};

}  // namespace

extern const Entry quantile = {"quantile",
                               "the numbers below which given shares of the rows lie: intervals, medians",
                               "pinball QuantileLoss PinballLoss quantile_loss quantile_regression",
                               "quantile: [0.1, 0.5, 0.9]",
                               "number",
                               make<Quantile>};

}  // namespace bpnet::loss_entries
