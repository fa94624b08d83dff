#include <algorithm>
#include <cstdint>
#include <vector>

#include "metrics/tally.hpp"
#include "spec/table.hpp"

namespace bpnet::metric_entries {

namespace {

struct Scored {
  Real score;
  double positive, negative;  // the row's weight is in one of the two
};

/// Probability that a positive row has a higher score than a negative one; ties count half (Mann and
/// Whitney 1947). NaN when one of the two kinds is missing. Orders `rows`.
double area(std::vector<Scored>& rows) {
  std::sort(rows.begin(), rows.end(), [](const Scored& a, const Scored& b) { return a.score < b.score; });
  double won = 0, positives = 0, negatives = 0;
  for (std::size_t i = 0; i < rows.size();) {
    double positive = 0, negative = 0;
    for (const Real score = rows[i].score; i < rows.size() && rows[i].score == score; ++i) {
      positive += rows[i].positive;
      negative += rows[i].negative;
    }
    won += positive * (negatives + negative / 2);
    positives += positive;
    negatives += negative;
  }
  return won / (positives * negatives);
}

/// Needs all scores at once, so memory grows with the rows.
struct Sums {
  explicit Sums(int count) : classes(static_cast<std::size_t>(count)) {}
  std::size_t classes;
  std::vector<Real> scores;  // (rows, columns()): two classes keep the positive one's
  std::vector<std::int32_t> actual;
  std::vector<double> weights;

  std::size_t columns() const { return classes == 2 ? 1 : classes; }
  void add(const Judged& batch) {
    const std::size_t skip = classes - columns();
    each_classified(batch, [&](std::size_t row, std::size_t c, double w) {
      const auto answer = batch.answers.subspan(row * classes + skip, columns());
      scores.insert(scores.end(), answer.begin(), answer.end());
      actual.push_back(static_cast<std::int32_t>(c));
      weights.push_back(w);
    });
  }
  void merge(const Sums& other) {
    scores.insert(scores.end(), other.scores.begin(), other.scores.end());
    actual.insert(actual.end(), other.actual.begin(), other.actual.end());
    weights.insert(weights.end(), other.weights.begin(), other.weights.end());
  }
  /// Mean over the classes that have both rows of them and rows of others.
  double value() const {
    std::vector<Scored> rows(actual.size());
    double sum = 0, defined = 0;
    for (std::size_t column = 0; column < columns(); ++column) {
      const auto positive = static_cast<std::int32_t>(column + classes - columns());
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const bool is = actual[i] == positive;
        rows[i] = {scores[i * columns() + column], is ? weights[i] : 0, is ? 0 : weights[i]};
      }
      const double auc = area(rows);
      if (auc != auc) continue;
      sum += auc;
      defined += 1;
    }
    return sum / defined;
  }
  void clear() {
    scores.clear();
    actual.clear();
    weights.clear();
  }
  std::vector<double> state() const {
    std::vector<double> state(scores.begin(), scores.end());
    state.insert(state.end(), actual.begin(), actual.end());
    state.insert(state.end(), weights.begin(), weights.end());
    return state;
  }
  void restore(std::span<const double> state) {
    clear();
    const std::size_t rows = state.size() / (columns() + 2), scored = rows * columns();
    for (double x : state.first(scored)) scores.push_back(static_cast<Real>(x));
    for (double x : state.subspan(scored, rows)) actual.push_back(static_cast<std::int32_t>(x));
    weights.assign(state.end() - static_cast<std::ptrdiff_t>(rows), state.end());
  }
};

struct RocAuc final : ClassMetric {
  bool higher_is_better() const override { return true; }
  std::unique_ptr<Tally> tally(const TargetKind& target) const override {
    return tally_of(Sums(target.class_count()));
  }
};

}  // namespace

extern const Entry roc_auc = {
    "roc_auc",
    "area under the ROC curve; for more than two classes the mean of one against rest",
    "auc AUC roc_auc_score AUROC area_under_curve",
    "roc_auc",
    "classes:3",
    make<RocAuc>};

}  // namespace bpnet::metric_entries
