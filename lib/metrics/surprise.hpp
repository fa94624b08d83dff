#pragma once
// How much a right class surprises: -log of the probability that it was given.

#include <algorithm>
#include <cmath>
#include <limits>

#include "metrics/tally.hpp"

namespace bpnet {

/// In nats. A probability of 0 or 1 is as sure as the number type can tell, as in scikit-learn.
inline double surprise(const Judged& batch, std::size_t row, std::size_t actual) {
  constexpr double least = std::numeric_limits<Real>::epsilon();
  const double p = batch.answers[row * static_cast<std::size_t>(batch.width) + actual];
  return -std::log(std::clamp(p, least, 1 - least));
}

/// Mean surprise.
struct Surprises : Mean {
  void add(const Judged& batch) {
    each_classified(batch, [&](std::size_t row, std::size_t actual, double w) {
      add_row(surprise(batch, row, actual), w);
    });
  }
};

}  // namespace bpnet
