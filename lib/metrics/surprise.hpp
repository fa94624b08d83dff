#pragma once
// How much a right class surprises: -log of the probability that it was given.

#include <algorithm>
#include <cmath>
#include <limits>

#include "metrics/tally.hpp"

namespace bpnet {

/// How sure a probability can be: as the number type can tell next to 1, as in scikit-learn; or next to 0.
inline constexpr double sure = std::numeric_limits<Real>::epsilon(),
                        surest = std::numeric_limits<Real>::min();

/// In nats, of a probability from `least` to 1 less it.
inline double surprise(const Judged& batch, std::size_t row, std::size_t actual, double least) {
  const double p = batch.answers[row * static_cast<std::size_t>(batch.width) + actual];
  return -std::log(std::clamp(p, least, 1 - least));
}

/// Mean surprise.
template <bool Surest>
struct Surprises : Mean {
  void add(const Judged& batch) {
    each_classified(batch, [&](std::size_t row, std::size_t actual, double w) {
      add_row(surprise(batch, row, actual, Surest ? surest : sure), w);
    });
  }
};

}  // namespace bpnet
