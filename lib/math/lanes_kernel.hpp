#pragma once
// The kernels of lanes_convolution.hpp, compiled for one instruction set by the file that includes this.

#include <algorithm>

#include "math/lanes_convolution.hpp"
#include "math/wide.hpp"

namespace bpnet::math {

namespace {

using Index = decltype(Wide{} > Wide{});

/// One step of a transpose: swaps the off-diagonal quarters of each square of 2 * half.
template <int Half>
BPNET_INLINE void swap_quarters(Wide* rows) {
  Index low, high;
  for (int i = 0; i < width; ++i) {
    const bool right = (i & Half) != 0;
    low[i] = right ? width + i - Half : i;
    high[i] = right ? width + i : i + Half;
  }
#pragma GCC unroll 16
  for (int i = 0; i < width; ++i) {
    if (i & Half) continue;
    const Wide top = rows[i], bottom = rows[i + Half];
    rows[i] = __builtin_shuffle(top, bottom, low);
    rows[i + Half] = __builtin_shuffle(top, bottom, high);
  }
}

BPNET_INLINE void transpose(Wide* rows) {
  swap_quarters<1>(rows);
  if constexpr (width > 2) swap_quarters<2>(rows);
  if constexpr (width > 4) swap_quarters<4>(rows);
  if constexpr (width > 8) swap_quarters<8>(rows);
}

/// out (n, width) = in (count <= width, n) turned; width without a sample are 0.
void to_lanes(const Real* in, std::ptrdiff_t n, int count, Real* out) {
  for (std::ptrdiff_t e = 0; e < n; e += width) {
    Wide rows[width];
#pragma GCC unroll 16
    for (int i = 0; i < width; ++i) {
      rows[i] = Wide{};
      if (i < count) load(in + i * n + e, rows[i]);
    }
    transpose(rows);
    const int some = static_cast<int>(std::min<std::ptrdiff_t>(width, n - e));
#pragma GCC unroll 16
    for (int i = 0; i < width; ++i)
      if (i < some) store(rows[i], out + (e + i) * width);
  }
}

/// out (count, n) = in (n, width) turned.
void from_lanes(const Real* in, std::ptrdiff_t n, int count, Real* out) {
  for (std::ptrdiff_t e = 0; e < n; e += width) {
    Wide rows[width];
    const int some = static_cast<int>(std::min<std::ptrdiff_t>(width, n - e));
#pragma GCC unroll 16
    for (int i = 0; i < width; ++i) {
      rows[i] = Wide{};
      if (i < some) load(in + (e + i) * width, rows[i]);
    }
    transpose(rows);
#pragma GCC unroll 16
    for (int i = 0; i < width; ++i)
      if (i < count) store_some(rows[i], some, out + i * n + e);
  }
}

/// Stands for pixels outside of the image.
alignas(64) constexpr Real zeros[lanes_channels_at_most * width] = {};

/// sum[o][j] += weights[o] times the vector at pixels[j] + offset.
template <int Outs, int Places>
BPNET_INLINE void add_products(const Real* weights, const Real* const* pixels, std::ptrdiff_t offset,
                               Wide (&sum)[Outs][Places]) {
  Wide q[Places];
#pragma GCC unroll 6
  for (int j = 0; j < Places; ++j) load(pixels[j] + offset, q[j]);
#pragma GCC unroll 6
  for (int o = 0; o < Outs; ++o)
#pragma GCC unroll 6
    for (int j = 0; j < Places; ++j) sum[o][j] += weights[o] * q[j];
}

/// One block of samples through a window: y (places, out, width) of x (pixels, in, width). w (elements, in,
/// filled), filled a multiple of Outs; bias (out) may be null.
template <int Outs, int Places>
BPNET_INLINE void convolve(const Window& s, int in, int out, int filled, const Real* x, const Real* w,
                           const Real* bias, Real* y) {
  const int across = s.columns.places(), down = s.rows.places();
  for (int first = 0; first < out; first += Outs)
    for (int row = 0; row < down; ++row)
      for (int place = 0; place < across; place += Places) {
        const int left = s.columns.at(place, 0),
                  right = s.columns.at(place + Places - 1, s.columns.kernel - 1);
        const bool inside = left >= 0 && right < s.columns.size && s.columns.dilation == 1;
        Wide sum[Outs][Places];
#pragma GCC unroll 6
        for (int o = 0; o < Outs; ++o)
#pragma GCC unroll 6
          for (int j = 0; j < Places; ++j)
            sum[o][j] = Wide{} + (bias && first + o < out ? bias[first + o] : Real{0});
        for (int ky = 0; ky < s.rows.kernel; ++ky) {
          const int at = s.rows.at(row, ky);
          if (at < 0 || at >= s.rows.size) continue;
          const Real* line = x + std::ptrdiff_t{at} * s.columns.size * in * width;
          const Real* weights = w + std::ptrdiff_t{ky} * s.columns.kernel * in * filled + first;
          const Real* pixel[Places];
          if (inside) {  // and the elements of a row of the window lie together
#pragma GCC unroll 6
            for (int j = 0; j < Places; ++j)
              pixel[j] = line + std::ptrdiff_t{s.columns.at(place + j, 0)} * in * width;
            for (int k = 0; k < s.columns.kernel * in; ++k, weights += filled)
              add_products(weights, pixel, std::ptrdiff_t{k} * width, sum);
            continue;
          }
          for (int kx = 0; kx < s.columns.kernel; ++kx) {
            bool any = false;
#pragma GCC unroll 6
            for (int j = 0; j < Places; ++j) {
              const int column = s.columns.at(place + j, kx);
              const bool there = column >= 0 && column < s.columns.size;
              pixel[j] = there ? line + std::ptrdiff_t{column} * in * width : zeros;
              any |= there;
            }
            if (!any) {
              weights += std::ptrdiff_t{in} * filled;
              continue;
            }
            for (int i = 0; i < in; ++i, weights += filled)
              add_products(weights, pixel, std::ptrdiff_t{i} * width, sum);
          }
        }
#pragma GCC unroll 6
        for (int o = 0; o < Outs; ++o)
#pragma GCC unroll 6
          for (int j = 0; j < Places; ++j)
            if (first + o < out && place + j < across)
              store(sum[o][j], y + ((std::ptrdiff_t{row} * across + place + j) * out + first + o) * width);
      }
}

void convolve_block(const Window& s, int in, int out, const Real* x, const Real* w, const Real* bias,
                    Real* y) {
  const int outs = outs_at_once(out), filled = (out + outs - 1) / outs * outs;
  if constexpr (many_registers) {
    const bool fives = s.columns.places() % 5 == 0;
    if (outs == 6) return convolve<6, 4>(s, in, out, filled, x, w, bias, y);
    if (outs == 5) return convolve<5, 4>(s, in, out, filled, x, w, bias, y);
    return fives ? convolve<4, 5>(s, in, out, filled, x, w, bias, y)
                 : convolve<4, 6>(s, in, out, filled, x, w, bias, y);
  } else {
    if (outs == 6) return convolve<6, 2>(s, in, out, filled, x, w, bias, y);
    if (outs == 5) return convolve<5, 2>(s, in, out, filled, x, w, bias, y);
    return convolve<4, 3>(s, in, out, filled, x, w, bias, y);
  }
}

/// The greatest of each window of (rows, columns, out, width), and 0 where that is less.
void pool_block(const Real* y, int rows, int columns, int out, int high, int wide, Real* pooled) {
  for (int r = 0; r < rows; r += high)
    for (int c = 0; c < columns; c += wide)
      for (int o = 0; o < out; ++o, pooled += width) {
        Wide most = {}, v;
        for (int i = 0; i < high; ++i)
          for (int j = 0; j < wide; ++j) {
            load(y + ((std::ptrdiff_t{r + i} * columns + c + j) * out + o) * width, v);
            most = v > most ? v : most;
          }
        store(most, pooled);
      }
}

/// y becomes its gradient: that of each window goes to the first that is the greatest and above 0.
void pool_block_backward(const Real* gradient, int rows, int columns, int out, int high, int wide, Real* y) {
  for (int r = 0; r < rows; r += high)
    for (int c = 0; c < columns; c += wide)
      for (int o = 0; o < out; ++o, gradient += width) {
        Wide most = {}, left, v;
        load(gradient, left);
        const auto at = [&](int i, int j) {
          return y + ((std::ptrdiff_t{r + i} * columns + c + j) * out + o) * width;
        };
        for (int i = 0; i < high; ++i)
          for (int j = 0; j < wide; ++j) {
            load(at(i, j), v);
            most = v > most ? v : most;
          }
        left = most > 0 ? left : Wide{};
        for (int i = 0; i < high; ++i)
          for (int j = 0; j < wide; ++j) {
            load(at(i, j), v);
            const auto hit = v == most;
            store(hit ? left : Wide{}, at(i, j));
            left = hit ? Wide{} : left;
          }
      }
}

BPNET_INLINE Real sum_of_lanes(const Wide& v) {
  Real part[width];
  store(v, part);
  for (int half = width / 2; half > 0; half /= 2)
    for (int j = 0; j < half; ++j) part[j] += part[j + half];
  return part[0];
}

/// dw (elements, in, out) of some blocks of samples.
template <int Taps>
BPNET_INLINE void correlate(const Window& s, int in, int out, const Real* x, const Real* dy, int blocks,
                            std::ptrdiff_t x_block, std::ptrdiff_t y_block, Real* dw) {
  constexpr int outs = many_registers ? 4 : 2;
  const int across = s.columns.places(), down = s.rows.places();
  for (int first = 0; first < out; first += outs)
    for (int i = 0; i < in; ++i)
      for (int ky = 0; ky < s.rows.kernel; ++ky)
        for (int kx = 0; kx < s.columns.kernel; kx += Taps) {
          Wide sum[outs][Taps] = {};
          for (int b = 0; b < blocks; ++b)
            for (int row = 0; row < down; ++row) {
              const int at = s.rows.at(row, ky);
              if (at < 0 || at >= s.rows.size) continue;
              const Real* line = x + b * x_block + (std::ptrdiff_t{at} * s.columns.size * in + i) * width;
              const Real* gradient = dy + b * y_block + (std::ptrdiff_t{row} * across * out + first) * width;
              for (int place = 0; place < across; ++place, gradient += out * width) {
                Wide q[Taps];
                const int column = s.columns.at(place, kx);
                if (column >= 0 && column + Taps <= s.columns.size) {
#pragma GCC unroll 5
                  for (int k = 0; k < Taps; ++k) load(line + std::ptrdiff_t{column + k} * in * width, q[k]);
                } else {
#pragma GCC unroll 5
                  for (int k = 0; k < Taps; ++k) {
                    const bool inside = column + k >= 0 && column + k < s.columns.size;
                    load(inside ? line + std::ptrdiff_t{column + k} * in * width : zeros, q[k]);
                  }
                }
#pragma GCC unroll 4
                for (int o = 0; o < outs; ++o) {
                  Wide g;
                  load(gradient + o * width, g);
#pragma GCC unroll 5
                  for (int k = 0; k < Taps; ++k) sum[o][k] += g * q[k];
                }
              }
            }
          for (int o = 0; o < outs && first + o < out; ++o)
            for (int k = 0; k < Taps && kx + k < s.columns.kernel; ++k)
              dw[((ky * s.columns.kernel + kx + k) * in + i) * out + first + o] = sum_of_lanes(sum[o][k]);
        }
}

void correlate_blocks(const Window& s, int in, int out, const Real* x, const Real* dy, int blocks,
                      std::ptrdiff_t x_block, std::ptrdiff_t y_block, Real* dw) {
  if (s.columns.kernel % 5 == 0 || s.columns.kernel == 4)
    correlate<5>(s, in, out, x, dy, blocks, x_block, y_block, dw);
  else
    correlate<3>(s, in, out, x, dy, blocks, x_block, y_block, dw);
}

/// db (out) of some blocks of samples.
void sum_blocks(const Real* dy, int places, int out, int blocks, std::ptrdiff_t y_block, Real* db) {
  for (int o = 0; o < out; ++o) {
    Wide sum = {}, v;
    for (int b = 0; b < blocks; ++b)
      for (int p = 0; p < places; ++p) {
        load(dy + b * y_block + (std::ptrdiff_t{p} * out + o) * width, v);
        sum += v;
      }
    db[o] = sum_of_lanes(sum);
  }
}

}  // namespace

}  // namespace bpnet::math
