#include "metrics/calibration.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "metrics/confusion.hpp"
#include "metrics/tally.hpp"

namespace bpnet {

void Calibration::add(const Judged& batch) {
  const auto width = static_cast<std::size_t>(batch.width);
  each_classified(batch, [&](std::size_t row, std::size_t actual, double weight) {
    const std::size_t named = most_probable(batch.answers.subspan(row * width, width));
    const double p = batch.answers[row * width + named];
    const auto bin = static_cast<std::size_t>(std::clamp(p, 0.0, 1.0) * static_cast<double>(bins_.size()));
    Bin& into = bins_[std::min(bin, bins_.size() - 1)];
    into.rows += weight;
    into.probability += weight * p;
    if (named == actual) into.right += weight;
  });
}

void Calibration::merge(const Calibration& other) {
  for (std::size_t i = 0; i < bins_.size(); ++i) {
    bins_[i].rows += other.bins_[i].rows;
    bins_[i].probability += other.bins_[i].probability;
    bins_[i].right += other.bins_[i].right;
  }
}

void Calibration::clear() { std::fill(bins_.begin(), bins_.end(), Bin{}); }

std::vector<double> Calibration::state() const {
  std::vector<double> state;
  for (const Bin& bin : bins_) state.insert(state.end(), {bin.rows, bin.probability, bin.right});
  return state;
}

void Calibration::restore(std::span<const double> state) {
  assert(state.size() == 3 * bins_.size());
  for (std::size_t i = 0; i < bins_.size(); ++i)
    bins_[i] = {state[3 * i], state[3 * i + 1], state[3 * i + 2]};
}

double Calibration::value() const {
  double rows = 0, off = 0;
  for (const Bin& bin : bins_) {
    rows += bin.rows;
    off += std::abs(bin.right - bin.probability);
  }
  return off / rows;
}

}  // namespace bpnet
