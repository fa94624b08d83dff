#pragma once
// The one element-wise map, for functors F with
//   Real value(Real x) const
//   Real slope(Real x, Real y) const     // derivative at x, where y = value(x)
// made from inline functions of math/functions.hpp so that it becomes vector code for each instruction set.

#include <algorithm>
#include <cstddef>

#include "core/shape.hpp"
#include "math/threads.hpp"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define BPNET_CLONES [[gnu::flatten, gnu::target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")]]
#else
#define BPNET_CLONES
#endif

namespace bpnet::math {

namespace detail {
inline constexpr std::size_t map_tile = 16384;

template <class F>
BPNET_CLONES void map_tile_forward(const F* given, const Real* in, std::size_t n, Real* out) {
  const F f = *given;  // a copy: its options may be read before they are needed
  for (std::size_t i = 0; i < n; ++i) out[i] = f.value(in[i]);
}
template <class F>
BPNET_CLONES void map_tile_with_slopes(const F* given, const Real* in, std::size_t n, Real* out,
                                       Real* slopes) {
  const F f = *given;
  for (std::size_t i = 0; i < n; ++i) {
    const Real x = in[i], y = f.value(x);
    slopes[i] = f.slope(x, y);
    out[i] = y;
  }
}
// `in` may be null when the slope only looks at out, and the reverse.
template <class F>
BPNET_CLONES void map_tile_backward(const F* given, const Real* in, const Real* out, const Real* dout,
                                    std::size_t n, Real* din) {
  const F f = *given;
  for (std::size_t i = 0; i < n; ++i)
    din[i] = dout[i] * f.slope(F::reads_in ? in[i] : Real{0}, F::reads_out ? out[i] : Real{0});
}
}  // namespace detail

/// out = value(in), element by element; out may be in.
template <class F>
void map(const F& f, const Real* in, std::size_t n, Real* out) {
  const auto tiles = static_cast<std::ptrdiff_t>((n + detail::map_tile - 1) / detail::map_tile);
  parallel(tiles, 4.0 * static_cast<double>(n), [&](std::ptrdiff_t t) {
    const std::size_t begin = static_cast<std::size_t>(t) * detail::map_tile;
    detail::map_tile_forward(&f, in + begin, std::min(detail::map_tile, n - begin), out + begin);
  });
}

/// The same, and slopes (n) besides, in memory of their own: where both come from the same costly function.
template <class F>
void map_with_slopes(const F& f, const Real* in, std::size_t n, Real* out, Real* slopes) {
  const auto tiles = static_cast<std::ptrdiff_t>((n + detail::map_tile - 1) / detail::map_tile);
  parallel(tiles, 4.0 * static_cast<double>(n), [&](std::ptrdiff_t t) {
    const std::size_t begin = static_cast<std::size_t>(t) * detail::map_tile;
    detail::map_tile_with_slopes(&f, in + begin, std::min(detail::map_tile, n - begin), out + begin,
                                 slopes + begin);
  });
}

/// din = dout * slope(in, out); din may be dout. F says with reads_in and reads_out which of the two it looks
/// at.
template <class F>
void map_backward(const F& f, const Real* in, const Real* out, const Real* dout, std::size_t n, Real* din) {
  const auto tiles = static_cast<std::ptrdiff_t>((n + detail::map_tile - 1) / detail::map_tile);
  parallel(tiles, 4.0 * static_cast<double>(n), [&](std::ptrdiff_t t) {
    const std::size_t begin = static_cast<std::size_t>(t) * detail::map_tile;
    detail::map_tile_backward(&f, in ? in + begin : nullptr, out ? out + begin : nullptr, dout + begin,
                              std::min(detail::map_tile, n - begin), din + begin);
  });
}

}  // namespace bpnet::math
