#include "math/lanes_convolution.hpp"

#include <algorithm>

#include "math/elements.hpp"
#include "math/shards.hpp"
#include "math/threads.hpp"
#include "math/wide.hpp"

namespace bpnet::math {

namespace {

constexpr int most_channels = 16, most_kernel = 7;
constexpr int behind = 8 * lanes;  // elements that kernels may read behind a block

using Index = decltype(Wide{} > Wide{});

/// One step of a transpose: swaps the off-diagonal quarters of each square of 2 * half.
template <int Half>
BPNET_INLINE void swap_quarters(Wide* rows) {
  Index low, high;
  for (int i = 0; i < lanes; ++i) {
    const bool right = (i & Half) != 0;
    low[i] = right ? lanes + i - Half : i;
    high[i] = right ? lanes + i : i + Half;
  }
#pragma GCC unroll 16
  for (int i = 0; i < lanes; ++i) {
    if (i & Half) continue;
    const Wide top = rows[i], bottom = rows[i + Half];
    rows[i] = __builtin_shuffle(top, bottom, low);
    rows[i + Half] = __builtin_shuffle(top, bottom, high);
  }
}

BPNET_INLINE void transpose(Wide* rows) {
  swap_quarters<1>(rows);
  swap_quarters<2>(rows);
  swap_quarters<4>(rows);
  if constexpr (lanes > 8) swap_quarters<8>(rows);
}

/// out (n, lanes) = in (count <= lanes, n) turned; lanes without a sample are 0.
BPNET_CLONES void to_lanes(const Real* in, std::ptrdiff_t n, int count, Real* out) {
  for (std::ptrdiff_t e = 0; e < n; e += lanes) {
    Wide rows[lanes];
#pragma GCC unroll 16
    for (int i = 0; i < lanes; ++i) {
      rows[i] = Wide{};
      if (i < count) load(in + i * n + e, rows[i]);
    }
    transpose(rows);
    const int some = static_cast<int>(std::min<std::ptrdiff_t>(lanes, n - e));
#pragma GCC unroll 16
    for (int i = 0; i < lanes; ++i)
      if (i < some) store(rows[i], out + (e + i) * lanes);
  }
}

/// out (count, n) = in (n, lanes) turned.
BPNET_CLONES void from_lanes(const Real* in, std::ptrdiff_t n, int count, Real* out) {
  for (std::ptrdiff_t e = 0; e < n; e += lanes) {
    Wide rows[lanes];
    const int some = static_cast<int>(std::min<std::ptrdiff_t>(lanes, n - e));
#pragma GCC unroll 16
    for (int i = 0; i < lanes; ++i) {
      rows[i] = Wide{};
      if (i < some) load(in + (e + i) * lanes, rows[i]);
    }
    transpose(rows);
#pragma GCC unroll 16
    for (int i = 0; i < lanes; ++i)
      if (i < count) store_some(rows[i], some, out + i * n + e);
  }
}

/// Stands for pixels outside of the image.
alignas(64) constexpr Real zeros[most_channels * lanes] = {};

/// One block of samples through a window: y (places, out, lanes) of x (pixels, in, lanes). w (elements, in,
/// wide), wide a multiple of Outs; bias (out) may be null.
template <int Outs, int Places>
BPNET_INLINE void convolve(const Window& s, int in, int out, int wide, const Real* x, const Real* w,
                           const Real* bias, Real* y) {
  const int across = s.columns.places(), down = s.rows.places();
  for (int first = 0; first < out; first += Outs)
    for (int row = 0; row < down; ++row)
      for (int place = 0; place < across; place += Places) {
        Wide sum[Outs][Places];
#pragma GCC unroll 6
        for (int o = 0; o < Outs; ++o)
#pragma GCC unroll 5
          for (int j = 0; j < Places; ++j) sum[o][j] = Wide{} + (bias && first + o < out ? bias[first + o] : Real{0});
        for (int ky = 0; ky < s.rows.kernel; ++ky) {
          const int at = s.rows.at(row, ky);
          if (at < 0 || at >= s.rows.size) continue;
          const Real* line = x + std::ptrdiff_t{at} * s.columns.size * in * lanes;
          const Real* weights = w + std::ptrdiff_t{ky} * s.columns.kernel * in * wide + first;
          for (int kx = 0; kx < s.columns.kernel; ++kx) {
            const Real* pixel[Places];
#pragma GCC unroll 5
            for (int j = 0; j < Places; ++j) {
              const int column = s.columns.at(place + j, kx);
              const bool inside = column >= 0 && column < s.columns.size;
              pixel[j] = inside ? line + std::ptrdiff_t{column} * in * lanes : zeros;
            }
            for (int i = 0; i < in; ++i, weights += wide) {
              Wide q[Places];
#pragma GCC unroll 5
              for (int j = 0; j < Places; ++j) load(pixel[j] + i * lanes, q[j]);
#pragma GCC unroll 6
              for (int o = 0; o < Outs; ++o)
#pragma GCC unroll 5
                for (int j = 0; j < Places; ++j) sum[o][j] += weights[o] * q[j];
            }
          }
        }
#pragma GCC unroll 6
        for (int o = 0; o < Outs; ++o)
#pragma GCC unroll 5
          for (int j = 0; j < Places; ++j)
            if (first + o < out && place + j < across)
              store(sum[o][j], y + ((std::ptrdiff_t{row} * across + place + j) * out + first + o) * lanes);
      }
}

/// Outputs that are computed at once, so that few are computed for nothing.
constexpr int outs_at_once(int out) {
  int best = 4;
  for (int n : {5, 6})
    if ((out + n - 1) / n * n <= (out + best - 1) / best * best) best = n;
  return best;
}

BPNET_CLONES void convolve_block(const Window* window, int in, int out, const Real* x, const Real* w,
                                 const Real* bias, Real* y) {
  const Window s = *window;
  const bool fives = s.columns.places() % 5 == 0;
  const int outs = outs_at_once(out), wide = (out + outs - 1) / outs * outs;
  if (outs == 6) return convolve<6, 4>(s, in, out, wide, x, w, bias, y);
  if (outs == 5) return fives ? convolve<5, 5>(s, in, out, wide, x, w, bias, y) : convolve<5, 4>(s, in, out, wide, x, w, bias, y);
  return fives ? convolve<4, 5>(s, in, out, wide, x, w, bias, y) : convolve<4, 4>(s, in, out, wide, x, w, bias, y);
}

/// The greatest of each window of (rows, columns, out, lanes), and 0 where that is less.
BPNET_CLONES void pool_block(const Real* y, int rows, int columns, int out, int high, int wide, Real* pooled) {
  for (int r = 0; r < rows; r += high)
    for (int c = 0; c < columns; c += wide)
      for (int o = 0; o < out; ++o, pooled += lanes) {
        Wide most = {}, v;
        for (int i = 0; i < high; ++i)
          for (int j = 0; j < wide; ++j) {
            load(y + ((std::ptrdiff_t{r + i} * columns + c + j) * out + o) * lanes, v);
            most = v > most ? v : most;
          }
        store(most, pooled);
      }
}

/// y becomes its gradient: that of each window goes to the first that is the greatest and above 0.
BPNET_CLONES void pool_block_backward(const Real* gradient, int rows, int columns, int out, int high, int wide,
                                      Real* y) {
  for (int r = 0; r < rows; r += high)
    for (int c = 0; c < columns; c += wide)
      for (int o = 0; o < out; ++o, gradient += lanes) {
        Wide most = {}, left, v;
        load(gradient, left);
        const auto at = [&](int i, int j) { return y + ((std::ptrdiff_t{r + i} * columns + c + j) * out + o) * lanes; };
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
  Real part[lanes];
  store(v, part);
  for (int half = lanes / 2; half > 0; half /= 2)
    for (int j = 0; j < half; ++j) part[j] += part[j + half];
  return part[0];
}

/// dw (elements, in, out) of some blocks of samples.
template <int Taps>
BPNET_INLINE void correlate(const Window& s, int in, int out, const Real* x, const Real* dy, int blocks,
                            std::ptrdiff_t x_block, std::ptrdiff_t y_block, Real* dw) {
  constexpr int outs = 4;
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
              const Real* line = x + b * x_block + (std::ptrdiff_t{at} * s.columns.size * in + i) * lanes;
              const Real* gradient = dy + b * y_block + (std::ptrdiff_t{row} * across * out + first) * lanes;
              for (int place = 0; place < across; ++place, gradient += out * lanes) {
                Wide q[Taps];
                const int column = s.columns.at(place, kx);
                if (column >= 0 && column + Taps <= s.columns.size) {
#pragma GCC unroll 5
                  for (int k = 0; k < Taps; ++k) load(line + std::ptrdiff_t{column + k} * in * lanes, q[k]);
                } else {
#pragma GCC unroll 5
                  for (int k = 0; k < Taps; ++k) {
                    const bool inside = column + k >= 0 && column + k < s.columns.size;
                    load(inside ? line + std::ptrdiff_t{column + k} * in * lanes : zeros, q[k]);
                  }
                }
#pragma GCC unroll 4
                for (int o = 0; o < outs; ++o) {
                  Wide g;
                  load(gradient + o * lanes, g);
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

BPNET_CLONES void correlate_blocks(const Window* window, int in, int out, const Real* x, const Real* dy, int blocks,
                                   std::ptrdiff_t x_block, std::ptrdiff_t y_block, Real* dw) {
  const Window s = *window;
  if (s.columns.kernel % 5 == 0 || s.columns.kernel == 4)
    correlate<5>(s, in, out, x, dy, blocks, x_block, y_block, dw);
  else
    correlate<3>(s, in, out, x, dy, blocks, x_block, y_block, dw);
}

/// db (out) of some blocks of samples.
BPNET_CLONES void sum_blocks(const Real* dy, int places, int out, int blocks, std::ptrdiff_t y_block, Real* db) {
  for (int o = 0; o < out; ++o) {
    Wide sum = {}, v;
    for (int b = 0; b < blocks; ++b)
      for (int p = 0; p < places; ++p) {
        load(dy + b * y_block + (std::ptrdiff_t{p} * out + o) * lanes, v);
        sum += v;
      }
    db[o] = sum_of_lanes(sum);
  }
}

/// The window over the gradients whose places are the pixels of the image.
Window turned_window(const Window& window) {
  const auto turn = [](const Slide& s) {
    return Slide{s.places(), s.kernel, 1, 1, s.kernel - 1 - s.before, s.kernel - 1 - s.after};
  };
  return {turn(window.rows), turn(window.columns)};
}

int wide_of(int out) {
  const int outs = outs_at_once(out);
  return (out + outs - 1) / outs * outs;
}

}  // namespace

bool suits_lanes(const LanesShape& s) {
  const auto plain = [](const Slide& a) { return a.stride == 1 && a.dilation == 1 && a.kernel <= most_kernel; };
  return plain(s.window.rows) && plain(s.window.columns) && s.in <= most_channels && s.out <= most_channels &&
         s.window.rows.places() % s.pool_rows == 0 && s.window.columns.places() % s.pool_columns == 0;
}

LanesConvolution::LanesConvolution(const LanesShape& shape)
    : s_(shape),
      blocks_((shape.samples + lanes - 1) / lanes),
      shards_(std::min(blocks_, 8)),
      in_(std::ptrdiff_t{shape.window.pixels()} * shape.in),
      places_(std::ptrdiff_t{shape.window.places()} * shape.out),
      pooled_(places_ / (shape.pool_rows * shape.pool_columns)),
      weights_(static_cast<std::size_t>(shape.window.elements() * shape.in * shape.out)),
      padded_(static_cast<std::size_t>(shape.window.elements() *
                                       std::max(shape.in * wide_of(shape.out), shape.out * wide_of(shape.in))) +
              behind),
      own_(static_cast<std::size_t>(std::max(pooled_, in_) * lanes + behind)) {
  saved_bytes = static_cast<std::size_t>((in_ + places_) * lanes * blocks_ + behind) * sizeof(Real);
  const std::size_t sums = (weights_ + most_channels + 16) * static_cast<std::size_t>(shards_);
  scratch_bytes = (padded_ + sums + own_ * static_cast<std::size_t>(threads())) * sizeof(Real) + 64;
}

Real* LanesConvolution::own(std::byte* scratch) const {
  return reinterpret_cast<Real*>(scratch) + (padded_ + 15) / 16 * 16 + own_ * static_cast<std::size_t>(thread_index());
}

// The weights with outputs filled up by zeros; turned: as the gradient of the input is a convolution with.
const Real* LanesConvolution::padded(const Real* w, bool turned, std::byte* scratch) const {
  Real* to = reinterpret_cast<Real*>(scratch);
  const int elements = s_.window.elements(), rows = turned ? s_.out : s_.in, columns = turned ? s_.in : s_.out;
  const int wide = wide_of(columns);
  for (int e = 0; e < elements; ++e)
    for (int r = 0; r < rows; ++r)
      for (int c = 0; c < wide; ++c)
        *to++ = c >= columns ? 0
                : turned     ? w[((elements - 1 - e) * s_.in + c) * s_.out + r]
                             : w[(e * s_.in + r) * s_.out + c];
  return reinterpret_cast<const Real*>(scratch);
}

void LanesConvolution::forward(const Real* x, const Real* w, const Real* bias, Real* y, std::byte* saved,
                               std::byte* scratch) const {
  Real* inputs = reinterpret_cast<Real*>(saved);
  Real* places = inputs + in_ * lanes * blocks_;
  const Real* weights = padded(w, false, scratch);
  const int rows = s_.window.rows.places(), columns = s_.window.columns.places();
  parallel(blocks_, static_cast<double>(weights_) * s_.samples * s_.window.places(), [&](std::ptrdiff_t b) {
    const int first = static_cast<int>(b) * lanes, count = std::min(lanes, s_.samples - first);
    Real *in = inputs + b * in_ * lanes, *out = places + b * places_ * lanes, *pooled = own(scratch);
    to_lanes(x + first * in_, in_, count, in);
    convolve_block(&s_.window, s_.in, s_.out, in, weights, bias, out);
    pool_block(out, rows, columns, s_.out, s_.pool_rows, s_.pool_columns, pooled);
    from_lanes(pooled, pooled_, count, y + first * pooled_);
  });
}

void LanesConvolution::backward(const Real* dy, const Real* w, bool add, Real* dx, Real* dw, Real* db,
                                std::byte* saved, std::byte* scratch) const {
  const Real* inputs = reinterpret_cast<Real*>(saved);
  Real* places = reinterpret_cast<Real*>(saved) + in_ * lanes * blocks_;
  const Real* weights = dx ? padded(w, true, scratch) : nullptr;
  const int rows = s_.window.rows.places(), columns = s_.window.columns.places();
  const Window back = turned_window(s_.window);
  const std::size_t stride = weights_ + most_channels + 16;
  Real* sums = reinterpret_cast<Real*>(scratch) + (padded_ + 15) / 16 * 16 + own_ * static_cast<std::size_t>(threads());
  parallel(shards_, 3.0 * static_cast<double>(weights_) * s_.samples * s_.window.places(), [&](std::ptrdiff_t shard) {
    const int begin = part_begin(blocks_, shards_, shard), end = part_begin(blocks_, shards_, shard + 1);
    for (int b = begin; b < end; ++b) {
      const int first = b * lanes, count = std::min(lanes, s_.samples - first);
      Real *gradient = places + b * places_ * lanes, *own_memory = own(scratch);
      to_lanes(dy + first * pooled_, pooled_, count, own_memory);
      pool_block_backward(own_memory, rows, columns, s_.out, s_.pool_rows, s_.pool_columns, gradient);
      if (!dx) continue;
      convolve_block(&back, s_.out, s_.in, gradient, weights, nullptr, own_memory);
      from_lanes(own_memory, in_, count, dx + first * in_);
    }
    Real* sum = sums + static_cast<std::size_t>(shard) * stride;
    const Real *x = inputs + begin * in_ * lanes, *gradients = places + begin * places_ * lanes;
    if (dw)
      correlate_blocks(&s_.window, s_.in, s_.out, x, gradients, end - begin, in_ * lanes, places_ * lanes, sum);
    if (db) sum_blocks(gradients, s_.window.places(), s_.out, end - begin, places_ * lanes, sum + weights_);
  });
  if (dw) sum_shards(sums, shards_, stride, weights_, add, dw);
  if (db) sum_shards(sums + weights_, shards_, stride, static_cast<std::size_t>(s_.out), add, db);
}

}  // namespace bpnet::math
