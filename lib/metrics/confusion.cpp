#include "metrics/confusion.hpp"

#include <algorithm>
#include <cassert>

#include "metrics/tally.hpp"

namespace bpnet {

namespace {
std::span<const Real> answer(const Judged& batch, std::size_t row) {
  const auto width = static_cast<std::size_t>(batch.width);
  return batch.answers.subspan(row * width, width);
}
}  // namespace

std::size_t most_probable(std::span<const Real> probabilities) {
  return static_cast<std::size_t>(std::max_element(probabilities.begin(), probabilities.end()) -
                                  probabilities.begin());
}

void ClassCounts::add(const Judged& batch) {
  assert(static_cast<std::size_t>(batch.width) == counts_.size());
  each_classified(batch, [&](std::size_t row, std::size_t actual, double weight) {
    const std::size_t predicted = most_probable(answer(batch, row));
    counts_[actual].actual += weight;
    counts_[predicted].predicted += weight;
    if (actual == predicted) counts_[actual].correct += weight;
  });
}

void ClassCounts::merge(const ClassCounts& other) {
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    counts_[i].actual += other.counts_[i].actual;
    counts_[i].predicted += other.counts_[i].predicted;
    counts_[i].correct += other.counts_[i].correct;
  }
}

void ClassCounts::clear() { std::fill(counts_.begin(), counts_.end(), ClassCount{}); }

std::vector<double> ClassCounts::state() const {
  std::vector<double> state;
  for (const ClassCount& c : counts_) state.insert(state.end(), {c.actual, c.predicted, c.correct});
  return state;
}

void ClassCounts::restore(std::span<const double> state) {
  assert(state.size() == 3 * counts_.size());
  for (std::size_t i = 0; i < counts_.size(); ++i)
    counts_[i] = {state[3 * i], state[3 * i + 1], state[3 * i + 2]};
}

Confusion::Confusion(int classes) : classes_(static_cast<std::size_t>(classes)), sums_(classes_ * classes_) {}

void Confusion::add(const Judged& batch) {
  assert(batch.width == classes());
  each_classified(batch, [&](std::size_t row, std::size_t actual, double weight) {
    sums_[actual * classes_ + most_probable(answer(batch, row))] += weight;
  });
}

void Confusion::merge(const Confusion& other) {
  assert(other.classes_ == classes_);
  for (std::size_t i = 0; i < sums_.size(); ++i) sums_[i] += other.sums_[i];
}

double Confusion::at(int actual, int predicted) const {
  return sums_[static_cast<std::size_t>(actual) * classes_ + static_cast<std::size_t>(predicted)];
}

ClassCount Confusion::count(int of) const {
  ClassCount count;
  for (int i = 0; i < classes(); ++i) {
    count.actual += at(of, i);
    count.predicted += at(i, of);
  }
  count.correct = at(of, of);
  return count;
}

}  // namespace bpnet
