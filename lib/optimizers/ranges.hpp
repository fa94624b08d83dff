#pragma once
// The way from segments to few long ranges of the flat arrays.

#include <array>
#include <cstddef>

#include "math/update.hpp"
#include "optimizers/optimizer.hpp"

namespace bpnet {

/// Part of the flat arrays that is updated in the same way.
struct UpdateRange {
  std::size_t begin = 0, count = 0;
  double learning_rate = 0, weight_decay = 0;  // factors of the segments included
};

/// Calls run(UpdateRange) for ranges of neighbouring segments that are updated in the same way, frozen ones
/// left out. A range includes the gaps between its segments: they are zero and an update of zeros is zero.
/// `learning_rate` includes the schedule's factor.
template <class Run>
void each_range(std::span<const Segment> segments, double learning_rate, double weight_decay, Run run) {
  const auto same = [weight_decay](const Segment& a, const Segment& b) {
    return a.frozen == b.frozen && a.rate == b.rate && (weight_decay == 0 || a.decay == b.decay);
  };
  for (std::size_t i = 0; i < segments.size();) {
    const Segment& first = segments[i];
    std::size_t last = i;
    while (last + 1 < segments.size() && same(first, segments[last + 1])) ++last;
    i = last + 1;
    if (first.frozen) continue;
    const std::size_t end = segments[last].begin + segments[last].size();
    run(UpdateRange{first.begin, end - first.begin, learning_rate * first.rate, weight_decay * first.decay});
  }
}

/// Updates all ranges; make(UpdateRange) gives the functor of math::update for one of them.
template <std::size_t States, class Make>
void update_ranges(const Weights& weights, std::span<Real> state, double learning_rate, double weight_decay,
                   Make make) {
  each_range(weights.segments, learning_rate, weight_decay, [&](const UpdateRange& r) {
    std::array<Real*, States> arrays;
    for (std::size_t k = 0; k < States; ++k) arrays[k] = state.data() + k * weights.values.size() + r.begin;
    math::update<States>(make(r), weights.values.data() + r.begin, weights.gradients.data() + r.begin, arrays,
                         r.count);
  });
}

}  // namespace bpnet
