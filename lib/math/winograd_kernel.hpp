#pragma once
// The transforms of winograd.hpp, compiled for one instruction set by the file that includes this.

#include <algorithm>

#include "math/wide.hpp"
#include "math/winograd.hpp"

namespace bpnet::math::winograd {

namespace {

/// d = B^T d, on six vectors `step` apart.
BPNET_INLINE void to_inputs(Wide* d, int step) {
  Wide &d0 = d[0], &d1 = d[step], &d2 = d[2 * step], &d3 = d[3 * step], &d4 = d[4 * step], &d5 = d[5 * step];
  const Wide a = d4 - 4 * d2, b = d3 - 4 * d1, c = d4 - d2, e = 2 * (d3 - d1);
  d0 = 4 * d0 - 5 * d2 + d4;
  d5 = 4 * d1 - 5 * d3 + d5;
  d1 = a + b;
  d2 = a - b;
  d3 = c + e;
  d4 = c - e;
}

/// Six vectors to the first four: A^T m.
BPNET_INLINE void to_outputs(Wide* m, int step) {
  Wide &m0 = m[0], &m1 = m[step], &m2 = m[2 * step], &m3 = m[3 * step];
  const Wide &m4 = m[4 * step], &m5 = m[5 * step];
  const Wide a = m1 + m2, s = m1 - m2, c = m3 + m4, e = m3 - m4;
  m0 += a + c;
  m1 = s + 2 * e;
  m2 = a + 4 * c;
  m3 = s + 8 * e + m5;
}

/// The first four vectors to six: A d.
BPNET_INLINE void to_gradients(Wide* d, int step) {
  const Wide d0 = d[0], d1 = d[step], d2 = d[2 * step], d3 = d[3 * step];
  const Wide even = d0 + d2, odd = d1 + d3, far_even = d0 + 4 * d2, far_odd = 2 * d1 + 8 * d3;
  d[step] = even + odd;
  d[2 * step] = even - odd;
  d[3 * step] = far_even + far_odd;
  d[4 * step] = far_even - far_odd;
  d[5 * step] = d3;
}

/// The first three vectors to six: G g.
BPNET_INLINE void to_weights(Wide* g, int step) {
  const Wide g0 = g[0], g1 = g[step], g2 = g[2 * step];
  const Wide even = (g0 + g2) / Real{-6}, odd = g1 / Real{6};
  const Wide far_even = g0 / Real{24} + g2 / Real{6}, far_odd = g1 / Real{12};
  g[0] = g0 / Real{4};
  g[step] = even - odd;
  g[2 * step] = even + odd;
  g[3 * step] = far_even + far_odd;
  g[4 * step] = far_even - far_odd;
  g[5 * step] = g2;
}

/// Six vectors to the first three: G^T u.
BPNET_INLINE void from_weights(Wide* u, int step) {
  const Wide a = u[step] + u[2 * step], b = u[2 * step] - u[step], c = u[3 * step] + u[4 * step],
             d = u[3 * step] - u[4 * step];
  u[0] = u[0] / Real{4} - a / Real{6} + c / Real{24};
  u[step] = b / Real{6} + d / Real{12};
  u[2 * step] = (c - a) / Real{6} + u[5 * step];
}

/// Where a tile lies.
struct Spot {
  int sample, row, column;  // of its first output
};
BPNET_INLINE Spot spot(const Tiling& t, int tile) {
  const int within = tile % t.tiles();
  return {tile / t.tiles(), within / t.across() * out_tile, within % t.across() * out_tile};
}

/// Size x Size vectors of image pixels from (row, column) on, zeros outside of it, into d with rows of 6.
template <int Size>
BPNET_INLINE void load_square(const Real* image, int rows, int columns, int channels, int row, int column,
                              Wide* d) {
  if (row >= 0 && column >= 0 && row + Size <= rows && column + Size <= columns) {
    const Real* p = image + (std::ptrdiff_t{row} * columns + column) * channels;
#pragma GCC unroll 6
    for (int i = 0; i < Size; ++i)
#pragma GCC unroll 6
      for (int j = 0; j < Size; ++j) load(p + (std::ptrdiff_t{i} * columns + j) * channels, d[6 * i + j]);
    return;
  }
#pragma GCC unroll 6
  for (int i = 0; i < Size; ++i)
#pragma GCC unroll 6
    for (int j = 0; j < Size; ++j) {
      const int y = row + i, x = column + j;
      if (y >= 0 && y < rows && x >= 0 && x < columns)
        load(image + (std::ptrdiff_t{y} * columns + x) * channels, d[6 * i + j]);
      else
        d[6 * i + j] = Wide{};
    }
}

/// The first `n` channels to each plane.
BPNET_INLINE void store_planes(const Wide* d, int n, Real* out, std::size_t plane) {
  if (n >= width) {
#pragma GCC unroll 36
    for (int p = 0; p < planes; ++p) store(d[p], out + static_cast<std::size_t>(p) * plane);
    return;
  }
  for (int p = 0; p < planes; ++p) store_some(d[p], n, out + static_cast<std::size_t>(p) * plane);
}

void inputs(const Tiling& t, const Real* x, int channels, int first, int count, Real* out,
            std::size_t plane) {
  const std::ptrdiff_t image = std::ptrdiff_t{t.in_rows} * t.in_columns * channels;
  for (int i = 0; i < count; ++i, out += channels) {
    const Spot s = spot(t, first + i);
    for (int c = 0; c < channels; c += width) {
      Wide d[planes];
      load_square<6>(x + s.sample * image + c, t.in_rows, t.in_columns, channels, s.row - t.before_rows,
                     s.column - t.before_columns, d);
#pragma GCC unroll 6
      for (int j = 0; j < 6; ++j) to_inputs(d + j, 6);
#pragma GCC unroll 6
      for (int j = 0; j < 6; ++j) to_inputs(d + 6 * j, 1);
      // What goes beyond a row's channels is written over by the next row.
      store_planes(d, i + 1 < count ? width : channels - c, out + c, plane);
    }
  }
}

void gradients(const Tiling& t, const Real* dy, int channels, int first, int count, Real* out,
               std::size_t plane) {
  const std::ptrdiff_t image = std::ptrdiff_t{t.out_rows} * t.out_columns * channels;
  for (int i = 0; i < count; ++i, out += channels) {
    const Spot s = spot(t, first + i);
    for (int c = 0; c < channels; c += width) {
      Wide d[planes];
      load_square<4>(dy + s.sample * image + c, t.out_rows, t.out_columns, channels, s.row, s.column, d);
#pragma GCC unroll 4
      for (int j = 0; j < 4; ++j) to_gradients(d + j, 6);
#pragma GCC unroll 6
      for (int j = 0; j < 6; ++j) to_gradients(d + 6 * j, 1);
      // What goes beyond a row's channels is written over by the next row.
      store_planes(d, i + 1 < count ? width : channels - c, out + c, plane);
    }
  }
}

void outputs(const Tiling& t, const Real* in, std::size_t plane, const Real* bias, int channels, int first,
             int count, Real* y) {
  const std::ptrdiff_t image = std::ptrdiff_t{t.out_rows} * t.out_columns * channels;
  for (int i = 0; i < count; ++i, in += channels) {
    const Spot s = spot(t, first + i);
    const int high = std::min(out_tile, t.out_rows - s.row),
              wide = std::min(out_tile, t.out_columns - s.column);
    for (int c = 0; c < channels; c += width) {
      Wide m[planes], shift = {};
      if (bias) load(bias + c, shift);
#pragma GCC unroll 36
      for (int p = 0; p < planes; ++p) load(in + static_cast<std::size_t>(p) * plane + c, m[p]);
#pragma GCC unroll 6
      for (int j = 0; j < 6; ++j) to_outputs(m + j, 6);
#pragma GCC unroll 4
      for (int j = 0; j < 4; ++j) to_outputs(m + 6 * j, 1);
      Real* to = y + s.sample * image + (std::ptrdiff_t{s.row} * t.out_columns + s.column) * channels + c;
      if (high == out_tile && wide == out_tile && channels - c >= width) {
#pragma GCC unroll 4
        for (int j = 0; j < out_tile; ++j)
#pragma GCC unroll 4
          for (int k = 0; k < out_tile; ++k)
            store(m[6 * j + k] + shift, to + (std::ptrdiff_t{j} * t.out_columns + k) * channels);
        continue;
      }
#pragma GCC unroll 4
      for (int j = 0; j < out_tile; ++j)
#pragma GCC unroll 4
        for (int k = 0; k < out_tile; ++k)
          if (j < high && k < wide)
            store_some(m[6 * j + k] + shift, channels - c,
                       to + (std::ptrdiff_t{j} * t.out_columns + k) * channels);
    }
  }
}

void weights(const Real* w, int in, int out, int i, bool flipped, Real* to, std::size_t plane) {
  for (int c = 0; c < out; c += width) {
    Wide g[planes];
#pragma GCC unroll 3
    for (int j = 0; j < kernel; ++j)
#pragma GCC unroll 3
      for (int k = 0; k < kernel; ++k) {
        const int element = flipped ? 8 - (3 * j + k) : 3 * j + k;
        load(w + (std::ptrdiff_t{element} * in + i) * out + c, g[6 * j + k]);
      }
#pragma GCC unroll 3
    for (int j = 0; j < kernel; ++j) to_weights(g + j, 6);
#pragma GCC unroll 6
    for (int j = 0; j < 6; ++j) to_weights(g + 6 * j, 1);
#pragma GCC unroll 36
    for (int p = 0; p < planes; ++p)
      store_some(g[p], out - c, to + static_cast<std::size_t>(p) * plane + std::ptrdiff_t{i} * out + c);
  }
}

void back_to_weights(const Real* from, std::size_t plane, int shards, std::size_t shard, int ins, int outs,
                     int i, bool add, Real* dw) {
  for (int c = 0; c < outs; c += width) {
    Wide u[planes], more;
#pragma GCC unroll 36
    for (int p = 0; p < planes; ++p) {
      const Real* at = from + static_cast<std::size_t>(p) * plane + std::ptrdiff_t{i} * outs + c;
      load(at, u[p]);
      for (int s = 1; s < shards; ++s) {
        load(at + static_cast<std::size_t>(s) * shard, more);
        u[p] += more;
      }
    }
#pragma GCC unroll 6
    for (int j = 0; j < 6; ++j) from_weights(u + j, 6);
#pragma GCC unroll 3
    for (int j = 0; j < kernel; ++j) from_weights(u + 6 * j, 1);
#pragma GCC unroll 3
    for (int j = 0; j < kernel; ++j)
#pragma GCC unroll 3
      for (int k = 0; k < kernel; ++k) {
        Real* to = dw + (std::ptrdiff_t{3 * j + k} * ins + i) * outs + c;
        if (add) {
          load(to, more);
          u[6 * j + k] += more;
        }
        store_some(u[6 * j + k], outs - c, to);
      }
  }
}

}  // namespace

}  // namespace bpnet::math::winograd
