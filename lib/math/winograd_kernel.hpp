#pragma once
// The transforms of winograd.hpp, compiled for one instruction set by the file that includes this.

#include <algorithm>

#include "math/wide.hpp"
#include "math/winograd.hpp"

namespace bpnet::math::winograd {

namespace {

/// o = B^T d: six vectors to six, `step` apart.
BPNET_INLINE void to_inputs(const Wide* d, Wide* o, int step) {
  const Wide a = d[4] - 4 * d[2], b = d[3] - 4 * d[1], c = d[4] - d[2], e = d[3] - d[1];
  o[0] = (4 * d[0] + d[4]) - 5 * d[2];
  o[step] = a + b;
  o[2 * step] = a - b;
  o[3 * step] = c + 2 * e;
  o[4 * step] = c - 2 * e;
  o[5 * step] = (4 * d[1] + d[5]) - 5 * d[3];
}

/// o = A^T m: six vectors to four.
BPNET_INLINE void to_outputs(const Wide* m, Wide* o, int step) {
  const Wide a = m[1] + m[2], s = m[1] - m[2], c = m[3] + m[4], e = m[3] - m[4];
  o[0] = m[0] + (a + c);
  o[step] = s + 2 * e;
  o[2 * step] = a + 4 * c;
  o[3 * step] = (s + m[5]) + 8 * e;
}

/// o = A d: four vectors to six.
BPNET_INLINE void to_gradients(const Wide* d, Wide* o, int step) {
  const Wide even = d[0] + d[2], odd = d[1] + d[3], far_even = d[0] + 4 * d[2], far_odd = 2 * d[1] + 8 * d[3];
  o[0] = d[0];
  o[step] = even + odd;
  o[2 * step] = even - odd;
  o[3 * step] = far_even + far_odd;
  o[4 * step] = far_even - far_odd;
  o[5 * step] = d[3];
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

/// Walks over tiles, counted over all samples.
struct Walk {
  const Tiling& tiling;
  int sample, down, across;
  Walk(const Tiling& t, int tile)
      : tiling(t),
        sample(tile / t.tiles()),
        down(tile % t.tiles() / t.across()),
        across(tile % t.tiles() % t.across()) {}
  void next() {
    if (++across < tiling.across()) return;
    across = 0;
    if (++down < tiling.down()) return;
    down = 0;
    ++sample;
  }
};

/// A square of an image's pixels: rows outside of it are one vector of zeros, read again and again.
template <int Size>
struct Square {
  const Real* row[Size];      // the first pixel of each, be it in the image or not
  std::ptrdiff_t step[Size];  // to the next
  int first, last;            // columns that are in the image
  Square(const Real* image, int rows, int columns, int channels, int top, int left)
      : first(std::max(0, -left)), last(std::min(Size, columns - left)) {
    alignas(64) static constexpr Real zeros[width] = {};
    for (int i = 0; i < Size; ++i) {
      const bool inside = top + i >= 0 && top + i < rows;
      row[i] = inside ? image + (std::ptrdiff_t{top + i} * columns + left) * channels : zeros;
      step[i] = inside ? channels : 0;
    }
  }
};

/// Has the 4x4 pixels from (top, left) on come nearer, that the tile below is the first to read: they lie
/// apart, so that the processor does not see them coming. They may lie behind the image, in the next one.
BPNET_INLINE void fetch(const Real* image, int columns, int channels, int top, int left) {
  constexpr int line = 64 / sizeof(Real);
  for (int i = 0; i < out_tile; ++i) {
    const Real* const from = image + (std::ptrdiff_t{top + i} * columns + left) * channels;
    for (int j = 0; j < out_tile * channels; j += line) __builtin_prefetch(from + j, 0, 2);
  }
}

/// Transforms a square, one vector of channels from `c` on, down its columns and along its rows, to the first
/// `n` channels of each plane. The outer loops stay loops: the arrays of a row fit in registers, all do not.
template <auto Six, int Size>
BPNET_INLINE void transform(const Square<Size>& square, int c, int n, Real* out, std::size_t plane) {
  Wide columns[6 * Size], six[6];
  const Real* at[Size];
#pragma GCC unroll 6
  for (int i = 0; i < Size; ++i) at[i] = square.row[i] + (square.step[i] ? c : 0);
#pragma GCC unroll 1
  for (int j = 0; j < Size; ++j) {
    Wide d[Size];
    const bool inside = j >= square.first && j < square.last;
#pragma GCC unroll 6
    for (int i = 0; i < Size; ++i) {
      if (inside)
        load(at[i], d[i]);
      else
        d[i] = Wide{};
      at[i] += square.step[i];
    }
    Six(d, columns + j, Size);
  }
#pragma GCC unroll 1
  for (int i = 0; i < 6; ++i) {
    Six(columns + Size * i, six, 1);
    if (n >= width) {
#pragma GCC unroll 6
      for (int j = 0; j < 6; ++j) store(six[j], out + static_cast<std::size_t>(j) * plane);
    } else {
#pragma GCC unroll 6
      for (int j = 0; j < 6; ++j) store_some(six[j], n, out + static_cast<std::size_t>(j) * plane);
    }
    out += 6 * plane;
  }
}

void inputs(const Tiling& t, const Real* x, int channels, int first, int count, Real* out,
            std::size_t plane) {
  const std::ptrdiff_t image = std::ptrdiff_t{t.in_rows} * t.in_columns * channels;
  Walk at(t, first);
  for (int i = 0; i < count; ++i, at.next(), out += channels) {
    const int top = at.down * out_tile - t.before_rows, left = at.across * out_tile - t.before_columns;
    const Square<6> square(x + at.sample * image, t.in_rows, t.in_columns, channels, top, left);
    fetch(x + at.sample * image, t.in_columns, channels, top + 6, left + 1);
    // What goes beyond a row's channels is written over by the next row.
    for (int c = 0; c < channels; c += width)
      transform<to_inputs>(square, c, i + 1 < count ? width : channels - c, out + c, plane);
  }
}

void gradients(const Tiling& t, const Real* dy, int channels, int first, int count, Real* out,
               std::size_t plane) {
  const std::ptrdiff_t image = std::ptrdiff_t{t.out_rows} * t.out_columns * channels;
  Walk at(t, first);
  for (int i = 0; i < count; ++i, at.next(), out += channels) {
    const int top = at.down * out_tile, left = at.across * out_tile;
    const Square<4> square(dy + at.sample * image, t.out_rows, t.out_columns, channels, top, left);
    fetch(dy + at.sample * image, t.out_columns, channels, top + out_tile, left);
    for (int c = 0; c < channels; c += width)
      transform<to_gradients>(square, c, i + 1 < count ? width : channels - c, out + c, plane);
  }
}

void outputs(const Tiling& t, const Real* in, std::size_t plane, const Real* bias, int channels, int first,
             int count, Real* y) {
  const std::ptrdiff_t row = std::ptrdiff_t{t.out_columns} * channels, image = row * t.out_rows;
  Walk at(t, first);
  for (int i = 0; i < count; ++i, at.next(), in += channels) {
    const int high = std::min(out_tile, t.out_rows - at.down * out_tile),
              wide = std::min(out_tile, t.out_columns - at.across * out_tile);
    Real* const tile =
        y + at.sample * image + at.down * out_tile * row + std::ptrdiff_t{at.across} * out_tile * channels;
    for (int c = 0; c < channels; c += width) {
      Wide columns[out_tile * 6], shift = {};
      if (bias) load(bias + c, shift);
#pragma GCC unroll 1
      for (int j = 0; j < 6; ++j) {
        Wide m[6];
#pragma GCC unroll 6
        for (int k = 0; k < 6; ++k) load(in + static_cast<std::size_t>(6 * k + j) * plane + c, m[k]);
        to_outputs(m, columns + j, 6);
      }
      Real* to = tile + c;
#pragma GCC unroll 1
      for (int j = 0; j < high; ++j, to += row) {
        Wide four[out_tile];
        to_outputs(columns + 6 * j, four, 1);
        if (wide == out_tile && channels - c >= width) {
#pragma GCC unroll 4
          for (int k = 0; k < out_tile; ++k) store(four[k] + shift, to + std::ptrdiff_t{k} * channels);
        } else {
          for (int k = 0; k < wide; ++k)
            store_some(four[k] + shift, channels - c, to + std::ptrdiff_t{k} * channels);
        }
      }
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
