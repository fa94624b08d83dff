#pragma once
// Gradients of weights are summed over shards of a batch, whose number and borders depend on shapes alone,
// and the shards then in their order.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/shape.hpp"

namespace bpnet::math {

/// `count` things in `parts` parts as equal as can be: where part i begins.
inline int part_begin(int count, int parts, std::ptrdiff_t i) {
  return static_cast<int>(static_cast<std::int64_t>(count) * i / parts);
}

/// Shards for a gradient of `n` elements that `most` pieces of work add up to: few for large gradients, whose
/// sums cost more.
inline int shards_for(std::size_t n, int most) {
  return std::clamp(n <= 16384 ? 8 : n <= 262144 ? 4 : 2, 1, std::max(1, most));
}

/// out (n) = sum of `shards` arrays of n, `stride` elements apart; or out += that sum.
void sum_shards(const Real* parts, int shards, std::size_t stride, std::size_t n, bool add, Real* out);

}  // namespace bpnet::math
