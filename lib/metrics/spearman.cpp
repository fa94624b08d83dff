#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "metrics/tally.hpp"
#include "spec/table.hpp"

namespace bpnet::metric_entries {

namespace {

/// Ranks of numbers; equals share the middle of theirs. A row of weight 2 takes the place of two.
std::vector<double> ranks(const std::vector<double>& x, const std::vector<double>& weights) {
  std::vector<std::size_t> order(x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
  std::vector<double> out(x.size());
  double below = 0;
  for (std::size_t i = 0, end = 0; i < order.size(); i = end) {
    double equal = 0;
    for (end = i; end < order.size() && x[order[end]] == x[order[i]]; ++end) equal += weights[order[end]];
    for (std::size_t j = i; j < end; ++j) out[order[j]] = below + equal / 2;
    below += equal;
  }
  return out;
}

/// Needs all rows at once, so memory grows with them.
struct SpearmanSums {
  std::vector<double> answers, targets, weights;

  void add(const Judged& batch) {
    each_valued(batch, [&](double answer, double target, double w) {
      answers.push_back(answer);
      targets.push_back(target);
      weights.push_back(w);
    });
  }
  void merge(const SpearmanSums& other) {
    answers.insert(answers.end(), other.answers.begin(), other.answers.end());
    targets.insert(targets.end(), other.targets.begin(), other.targets.end());
    weights.insert(weights.end(), other.weights.begin(), other.weights.end());
  }
  /// Pearson's correlation of the ranks (Spearman 1904); NaN when one side is all equal.
  double value() const {
    const std::vector<double> a = ranks(answers, weights), b = ranks(targets, weights);
    const double middle = std::accumulate(weights.begin(), weights.end(), 0.0) / 2;
    double both = 0, first = 0, second = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      both += weights[i] * (a[i] - middle) * (b[i] - middle);
      first += weights[i] * (a[i] - middle) * (a[i] - middle);
      second += weights[i] * (b[i] - middle) * (b[i] - middle);
    }
    return both / std::sqrt(first * second);
  }
  void clear() { *this = {}; }
  std::vector<double> state() const {
    std::vector<double> state = answers;
    state.insert(state.end(), targets.begin(), targets.end());
    state.insert(state.end(), weights.begin(), weights.end());
    return state;
  }
  void restore(std::span<const double> state) {
    const std::size_t rows = state.size() / 3;
    const auto part = [&](std::size_t i) {
      const auto from = state.subspan(i * rows, rows);
      return std::vector<double>(from.begin(), from.end());
    };
    answers = part(0);
    targets = part(1);
    weights = part(2);
  }
};

struct Spearman final : NumberMetric {
  bool higher_is_better() const override { return true; }
  std::unique_ptr<Tally> tally(const TargetKind&) const override { return tally_of(SpearmanSums{}); }
};

}  // namespace

extern const Entry spearman = {"spearman",
                               "rank correlation of answers and targets, -1 to 1",
                               "spearmanr SpearmanCorrCoef rank_correlation pearson pearsonr PearsonCorrCoef",
                               "spearman",
                               "number",
                               make<Spearman>};

}  // namespace bpnet::metric_entries
