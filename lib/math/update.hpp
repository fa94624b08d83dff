#pragma once
// The one loop of optimizers: a functor F updates one element from its gradient and `States` state numbers.
//   void operator()(Real& w, Real g, Real (&s)[States]) const       // inlined into vector code

#include <algorithm>
#include <array>
#include <cstddef>

#include "math/map.hpp"

namespace bpnet::math {

namespace detail {
template <std::size_t States, class F>
BPNET_CLONES void update_tile(const F* given, Real* w, const Real* g, const std::array<Real*, States>* state,
                              std::size_t n) {
  const F f = *given;
  std::array<Real*, States> s = *state;
  for (std::size_t i = 0; i < n; ++i) {
    Real local[States == 0 ? 1 : States];
    for (std::size_t k = 0; k < States; ++k) local[k] = s[k][i];
    f(w[i], g[i], local);
    for (std::size_t k = 0; k < States; ++k) s[k][i] = local[k];
  }
}
}  // namespace detail

/// Updates n weights in tiles; single pass over all arrays.
template <std::size_t States, class F>
void update(const F& f, Real* w, const Real* g, std::array<Real*, States> state, std::size_t n) {
  const auto tiles = static_cast<std::ptrdiff_t>((n + detail::map_tile - 1) / detail::map_tile);
  parallel(tiles, 8.0 * static_cast<double>(n), [&](std::ptrdiff_t t) {
    const std::size_t begin = static_cast<std::size_t>(t) * detail::map_tile;
    std::array<Real*, States> s = state;
    for (Real*& p : s) p += begin;
    detail::update_tile<States, F>(&f, w + begin, g + begin, &s, std::min(detail::map_tile, n - begin));
  });
}

}  // namespace bpnet::math
