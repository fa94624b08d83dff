#pragma once
// What kernels of losses share: sums over rows in double, in an order that shapes alone decide.

#include <array>

#include "math/reduce.hpp"
#include "math/softmax.hpp"
#include "math/threads.hpp"

namespace bpnet::math {

/// Adds up what tile(begin, count) returns, a RowSums, for stretches of at least `shortest` rows. `work`: as
/// in parallel.
template <class Tile>
RowSums sum_rows(int rows, int shortest, double work, Tile tile) {
  const Stretches stretches(rows, shortest);
  std::array<RowSums, Stretches::most> part;
  parallel(stretches.count, work, [&](std::ptrdiff_t t) {
    part[static_cast<std::size_t>(t)] = tile(stretches.begin(t), stretches.size(t));
  });
  RowSums sums;
  for (int t = 0; t < stretches.count; ++t) sums += part[static_cast<std::size_t>(t)];
  return sums;
}

}  // namespace bpnet::math
