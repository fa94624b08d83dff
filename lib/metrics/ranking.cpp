#include "metrics/ranking.hpp"

#include <algorithm>

namespace bpnet {

void Ranking::add(const Judged& batch) {
  const std::size_t skip = classes_ - columns();
  each_classified(batch, [&](std::size_t row, std::size_t c, double w) {
    const auto answer = batch.answers.subspan(row * classes_ + skip, columns());
    scores_.insert(scores_.end(), answer.begin(), answer.end());
    actual_.push_back(static_cast<std::int32_t>(c));
    weights_.push_back(w);
  });
}

void Ranking::merge(const Ranking& other) {
  scores_.insert(scores_.end(), other.scores_.begin(), other.scores_.end());
  actual_.insert(actual_.end(), other.actual_.begin(), other.actual_.end());
  weights_.insert(weights_.end(), other.weights_.begin(), other.weights_.end());
}

double Ranking::value() const {
  std::vector<Ranked> rows(actual_.size());
  double sum = 0, defined = 0;
  for (std::size_t column = 0; column < columns(); ++column) {
    const auto positive = static_cast<std::int32_t>(column + classes_ - columns());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const bool is = actual_[i] == positive;
      rows[i] = {scores_[i * columns() + column], is ? weights_[i] : 0, is ? 0 : weights_[i]};
    }
    std::sort(rows.begin(), rows.end(), [](const Ranked& a, const Ranked& b) { return a.score < b.score; });
    const double value = of_class_(rows);
    if (value != value) continue;
    sum += value;
    defined += 1;
  }
  return sum / defined;
}

void Ranking::clear() {
  scores_.clear();
  actual_.clear();
  weights_.clear();
}

std::vector<double> Ranking::state() const {
  std::vector<double> state(scores_.begin(), scores_.end());
  state.insert(state.end(), actual_.begin(), actual_.end());
  state.insert(state.end(), weights_.begin(), weights_.end());
  return state;
}

void Ranking::restore(std::span<const double> state) {
  clear();
  const std::size_t rows = state.size() / (columns() + 2), scored = rows * columns();
  for (double x : state.first(scored)) scores_.push_back(static_cast<Real>(x));
  for (double x : state.subspan(scored, rows)) actual_.push_back(static_cast<std::int32_t>(x));
  weights_.assign(state.end() - static_cast<std::ptrdiff_t>(rows), state.end());
}

}  // namespace bpnet
