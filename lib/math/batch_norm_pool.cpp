#include "math/batch_norm_pool.hpp"

#include <algorithm>

#include "math/map.hpp"
#include "math/reduce.hpp"

namespace bpnet::math {

namespace {

/// Calls f(first pixel of the window, number of the window, first column, columns) for all windows, a few
/// columns at a time.
template <class F>
inline void each_window(const PoolTiles& t, int width, int first, int count, F f) {
  const std::ptrdiff_t pixels = std::ptrdiff_t{t.across} * t.wide;
  for (std::ptrdiff_t r = first; r < first + count; ++r)
    for (int p = 0; p < t.across; ++p) {
      const std::ptrdiff_t pixel = r * t.high * pixels + std::ptrdiff_t{p} * t.wide;
      int c = 0;
      for (; c + lanes <= width; c += lanes) f(pixel, r * t.across + p, c, lanes);
      if (c < width) f(pixel, r * t.across + p, c, width - c);
    }
}

/// Calls f(pixel, its place in the window) for the pixels of a window.
template <class F>
inline void each_pixel(const PoolTiles& t, std::ptrdiff_t pixel, F f) {
  const std::ptrdiff_t pixels = std::ptrdiff_t{t.across} * t.wide;
  for (int k = 0; k < t.high; ++k)
    for (int j = 0; j < t.wide; ++j) f(pixel + k * pixels + j, static_cast<Real>(k * t.wide + j));
}

/// Of some columns of a window: the greatest y, and the x and the place it was found at.
struct Greatest {
  Real y[lanes], x[lanes], place[lanes];
};
inline void find_greatest(const Lines& l, const PoolTiles& t, const Real* in, int width, std::ptrdiff_t pixel,
                          int c, int columns, Greatest& g) {
  each_pixel(t, pixel, [&](std::ptrdiff_t at, Real place) {
    const Real* x = in + at * width + c;
    const bool first = at == pixel;
    for (int i = 0; i < columns; ++i) {
      const Real y = l.at(x[i], c + i);
      const bool more = first || y > g.y[i];
      g.y[i] = more ? y : g.y[i];
      g.x[i] = more ? x[i] : g.x[i];
      g.place[i] = more ? place : g.place[i];
    }
  });
}

template <bool Relu>
inline void apply(const Lines& l, const PoolTiles& t, const Real* in, int width, int first, int count,
                  Real* out) {
  each_window(t, width, first, count, [&](std::ptrdiff_t pixel, std::ptrdiff_t window, int c, int columns) {
    Real most[lanes];
    each_pixel(t, pixel, [&](std::ptrdiff_t at, Real) {
      const Real* x = in + at * width + c;
      const bool first_pixel = at == pixel;
      for (int i = 0; i < columns; ++i) {
        const Real y = l.at(x[i], c + i);
        most[i] = first_pixel || y > most[i] ? y : most[i];
      }
    });
    Real* to = out + window * width + c;
    for (int i = 0; i < columns; ++i) to[i] = Relu && !(most[i] > 0) ? Real{0} : most[i];
  });
}
BPNET_CLONES void apply_tile(const Lines* lines, bool relu, const PoolTiles* tiles, const Real* in, int width,
                             int first, int count, Real* out) {
  const Lines l = *lines;
  const PoolTiles t = *tiles;
  if (relu)
    apply<true>(l, t, in, width, first, count, out);
  else
    apply<false>(l, t, in, width, first, count, out);
}

template <bool Relu>
inline void gradient_sums(const Lines& l, const PoolTiles& t, const Real* in, const Real* dout, int width,
                          int first, int count, Real* sums) {
  std::fill_n(sums, 2 * width, Real{0});
  each_window(t, width, first, count, [&](std::ptrdiff_t pixel, std::ptrdiff_t window, int c, int columns) {
    Greatest g;
    find_greatest(l, t, in, width, pixel, c, columns, g);
    const Real* dy = dout + window * width + c;
    for (int i = 0; i < columns; ++i) {
      const Real gradient = passed<Relu>(g.y[i], dy[i]);
      sums[c + i] += gradient;
      sums[width + c + i] += gradient * (g.x[i] - l.mean[c + i]);
    }
  });
}
BPNET_CLONES void gradient_sums_tile(const Lines* lines, bool relu, const PoolTiles* tiles, const Real* in,
                                     const Real* dout, int width, int first, int count, Real* sums) {
  const Lines l = *lines;
  const PoolTiles t = *tiles;
  if (relu)
    gradient_sums<true>(l, t, in, dout, width, first, count, sums);
  else
    gradient_sums<false>(l, t, in, dout, width, first, count, sums);
}

template <bool Relu>
inline void input_gradient(const Lines& l, const PoolTiles& t, const Real* even, const Real* along,
                           const Real* in, const Real* dout, int width, int first, int count, Real* din) {
  each_window(t, width, first, count, [&](std::ptrdiff_t pixel, std::ptrdiff_t window, int c, int columns) {
    Greatest g;
    find_greatest(l, t, in, width, pixel, c, columns, g);
    const Real* dy = dout + window * width + c;
    for (int i = 0; i < columns; ++i) g.y[i] = l.factor[c + i] * passed<Relu>(g.y[i], dy[i]);
    each_pixel(t, pixel, [&](std::ptrdiff_t at, Real place) {
      const Real* x = in + at * width + c;
      Real* dx = din + at * width + c;
      for (int i = 0; i < columns; ++i)
        dx[i] =
            (g.place[i] == place ? g.y[i] : Real{0}) + (even[c + i] + along[c + i] * (x[i] - l.mean[c + i]));
    });
  });
}
BPNET_CLONES void input_gradient_tile(const Lines* lines, bool relu, const PoolTiles* tiles, const Real* even,
                                      const Real* along, const Real* in, const Real* dout, int width,
                                      int first, int count, Real* din) {
  const Lines l = *lines;
  const PoolTiles t = *tiles;
  if (relu)
    input_gradient<true>(l, t, even, along, in, dout, width, first, count, din);
  else
    input_gradient<false>(l, t, even, along, in, dout, width, first, count, din);
}

}  // namespace

void pooled_lines(const Lines& lines, bool relu, const PoolTiles& tiles, const Real* in, int width, int first,
                  int count, Real* out) {
  apply_tile(&lines, relu, &tiles, in, width, first, count, out);
}

void pooled_gradient_sums(const Lines& lines, bool relu, const PoolTiles& tiles, const Real* in,
                          const Real* dout, int width, int first, int count, Real* sums) {
  gradient_sums_tile(&lines, relu, &tiles, in, dout, width, first, count, sums);
}

void pooled_input_gradient(const Lines& lines, bool relu, const PoolTiles& tiles, const Real* even,
                           const Real* along, const Real* in, const Real* dout, int width, int first,
                           int count, Real* din) {
  input_gradient_tile(&lines, relu, &tiles, even, along, in, dout, width, first, count, din);
}

}  // namespace bpnet::math
