#include "math/shards.hpp"

#include "math/map.hpp"

namespace bpnet::math {

namespace {

BPNET_CLONES void sum_tile(const Real* parts, int shards, std::size_t stride, std::size_t n, bool add,
                           Real* out) {
  if (!add)
    for (std::size_t i = 0; i < n; ++i) out[i] = parts[i];
  for (int s = add ? 0 : 1; s < shards; ++s) {
    const Real* from = parts + static_cast<std::size_t>(s) * stride;
    for (std::size_t i = 0; i < n; ++i) out[i] += from[i];
  }
}

}  // namespace

void sum_shards(const Real* parts, int shards, std::size_t stride, std::size_t n, bool add, Real* out) {
  constexpr std::size_t tile = 2048;
  const auto tiles = static_cast<std::ptrdiff_t>((n + tile - 1) / tile);
  parallel(tiles, static_cast<double>(n) * (shards + 1), [&](std::ptrdiff_t t) {
    const std::size_t from = static_cast<std::size_t>(t) * tile;
    sum_tile(parts + from, shards, stride, std::min(tile, n - from), add, out + from);
  });
}

}  // namespace bpnet::math
