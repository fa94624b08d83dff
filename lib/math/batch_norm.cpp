#include "math/batch_norm.hpp"

#include <algorithm>
#include <cmath>

#include "math/batch_norm_pool.hpp"
#include "math/map.hpp"
#include "math/reduce.hpp"
#include "math/threads.hpp"

namespace bpnet::math {

namespace {

constexpr int shortest = 32;  // rows of a stretch

Lines lines_in(const Real* saved, int width) { return {saved, saved + 3 * width, saved + 4 * width}; }

/// Sums of a(row, column) and of b(row, column) over rows, to out (2, width).
template <class A, class B>
inline void sum_columns(int first, int count, int width, A a, B b, Real* out) {
  const auto some = [&](int c, int columns) {
    Real sum[lanes] = {}, other[lanes] = {};
    for (std::ptrdiff_t r = first; r < first + count; ++r)
      for (int j = 0; j < columns; ++j) {
        sum[j] += a(r, c + j);
        other[j] += b(r, c + j);
      }
    for (int j = 0; j < columns; ++j) {
      out[c + j] = sum[j];
      out[width + c + j] = other[j];
    }
  };
  int c = 0;
  for (; c + lanes <= width; c += lanes) some(c, lanes);
  some(c, width - c);
}

/// Mean and sum of squares about it of some rows, to out (2, width): while they are in the cache.
BPNET_CLONES void moments_tile(const Real* in, int width, int first, int count, Real* out) {
  const auto nothing = [](std::ptrdiff_t, int) { return Real{0}; };
  sum_columns(
      first, count, width, [&](std::ptrdiff_t r, int c) { return in[r * width + c]; }, nothing, out);
  for (int c = 0; c < width; ++c) out[c] /= static_cast<Real>(count);
  const auto some = [&](int c, int columns) {
    Real sum[lanes] = {};
    for (std::ptrdiff_t r = first; r < first + count; ++r)
      for (int j = 0; j < columns; ++j) {
        const Real d = in[r * width + c + j] - out[c + j];
        sum[j] += d * d;
      }
    for (int j = 0; j < columns; ++j) out[width + c + j] = sum[j];
  };
  int c = 0;
  for (; c + lanes <= width; c += lanes) some(c, lanes);
  some(c, width - c);
}

template <bool Relu>
inline void apply(const Lines& l, const Real* in, int width, int first, int count, Real* out) {
  for (std::ptrdiff_t r = first; r < first + count; ++r) {
    const Real* x = in + r * width;
    Real* y = out + r * width;
    for (int c = 0; c < width; ++c) {
      const Real v = l.at(x[c], c);
      y[c] = Relu && !(v > 0) ? Real{0} : v;
    }
  }
}
BPNET_CLONES void apply_tile(const Lines* lines, bool relu, const Real* in, int width, int first, int count,
                             Real* out) {
  const Lines l = *lines;
  if (relu)
    apply<true>(l, in, width, first, count, out);
  else
    apply<false>(l, in, width, first, count, out);
}

/// Sums of the gradient, and of the gradient times (in - mean).
template <bool Relu>
inline void gradient_sums(const Lines& l, const Real* in, const Real* dout, int width, int first, int count,
                          Real* out) {
  const auto plain = [&](std::ptrdiff_t r, int c) {
    return passed<Relu>(l.at(in[r * width + c], c), dout[r * width + c]);
  };
  const auto along = [&](std::ptrdiff_t r, int c) { return plain(r, c) * (in[r * width + c] - l.mean[c]); };
  sum_columns(first, count, width, plain, along, out);
}
BPNET_CLONES void gradient_sums_tile(const Lines* lines, bool relu, const Real* in, const Real* dout,
                                     int width, int first, int count, Real* out) {
  const Lines l = *lines;
  if (relu)
    gradient_sums<true>(l, in, dout, width, first, count, out);
  else
    gradient_sums<false>(l, in, dout, width, first, count, out);
}

/// din = factor * gradient + even + along * (in - mean), per column.
template <bool Relu>
inline void input_gradient(const Lines& l, const Real* even, const Real* along, const Real* in,
                           const Real* dout, int width, int first, int count, Real* din) {
  for (std::ptrdiff_t r = first; r < first + count; ++r) {
    const Real *x = in + r * width, *dy = dout + r * width;
    Real* dx = din + r * width;
    for (int c = 0; c < width; ++c)
      dx[c] = l.factor[c] * passed<Relu>(l.at(x[c], c), dy[c]) + (even[c] + along[c] * (x[c] - l.mean[c]));
  }
}
BPNET_CLONES void input_gradient_tile(const Lines* lines, bool relu, const Real* even, const Real* along,
                                      const Real* in, const Real* dout, int width, int first, int count,
                                      Real* din) {
  const Lines l = *lines;
  if (relu)
    input_gradient<true>(l, even, along, in, dout, width, first, count, din);
  else
    input_gradient<false>(l, even, along, in, dout, width, first, count, din);
}

template <class Tile>
void each_stretch(const BatchNorm& s, const Stretches& stretches, Tile tile) {
  parallel(stretches.count, 8.0 * s.rows * s.width,
           [&](std::ptrdiff_t t) { tile(t, stretches.begin(t), stretches.size(t)); });
}

PoolTiles tiles_of(const Window& pool) {
  return {pool.rows.kernel, pool.columns.kernel, pool.columns.places()};
}

/// Of the rows, or of the rows of windows.
Stretches stretches_out(const BatchNorm& s) {
  return s.pool ? Stretches(s.rows / (s.pool->columns.size * s.pool->rows.kernel), 1)
                : Stretches(s.rows, shortest);
}

void apply(const BatchNorm& s, const Lines& lines, const Real* in, Real* out) {
  each_stretch(s, stretches_out(s), [&](std::ptrdiff_t, int first, int count) {
    if (s.pool)
      pooled_lines(lines, s.relu, tiles_of(*s.pool), in, s.width, first, count, out);
    else
      apply_tile(&lines, s.relu, in, s.width, first, count, out);
  });
}

void apply_back(const BatchNorm& s, const Lines& lines, const Real* even, const Real* along, const Real* in,
                const Real* dout, Real* din) {
  each_stretch(s, stretches_out(s), [&](std::ptrdiff_t, int first, int count) {
    if (s.pool)
      pooled_input_gradient(lines, s.relu, tiles_of(*s.pool), even, along, in, dout, s.width, first, count,
                            din);
    else
      input_gradient_tile(&lines, s.relu, even, along, in, dout, s.width, first, count, din);
  });
}

/// factor and shift of a column.
void draw_lines(const BatchNorm& s, const Real* inverse, Real* factor, Real* shift) {
  for (int c = 0; c < s.width; ++c) {
    factor[c] = inverse[c] * (s.scale ? s.scale[c] : 1);
    shift[c] = s.shift ? s.shift[c] : 0;
  }
}

/// Of running statistics, in 2 * width numbers of `scratch`.
Lines running_lines(const BatchNorm& s, const Real* mean, const Real* variance, Real* scratch) {
  for (int c = 0; c < s.width; ++c) scratch[c] = 1 / std::sqrt(variance[c] + s.epsilon);
  draw_lines(s, scratch, scratch, scratch + s.width);
  return {mean, scratch, scratch + s.width};
}

}  // namespace

std::size_t BatchNorm::scratch() const {
  const int stretches = std::max(Stretches(rows, shortest).count, stretches_out(*this).count);
  return static_cast<std::size_t>(stretches + 1) * static_cast<std::size_t>(width) * 2;
}

void batch_norm(const BatchNorm& s, const Real* in, Real* out, Real* saved, Real* scratch) {
  const int width = s.width;
  const Stretches stretches(s.rows, shortest);
  each_stretch(s, stretches, [&](std::ptrdiff_t t, int first, int count) {
    moments_tile(in, width, first, count, scratch + t * 2 * width);
  });
  // Stretches are joined in order (Chan, Golub, LeVeque 1983).
  for (int c = 0; c < width; ++c) {
    double mean = 0, squares = 0, seen = 0;
    for (int t = 0; t < stretches.count; ++t) {
      const Real* part = scratch + std::ptrdiff_t{t} * 2 * width + c;
      const double n = stretches.size(t), apart = static_cast<double>(part[0]) - mean, all = seen + n;
      mean += apart * n / all;
      squares += static_cast<double>(part[width]) + apart * apart * seen * n / all;
      seen = all;
    }
    const double variance = squares / s.rows;
    saved[c] = static_cast<Real>(mean);
    saved[width + c] = static_cast<Real>(1 / std::sqrt(variance + static_cast<double>(s.epsilon)));
    saved[2 * width + c] = static_cast<Real>(variance);
  }
  draw_lines(s, saved + width, saved + 3 * width, saved + 4 * width);
  apply(s, lines_in(saved, width), in, out);
}

void batch_norm_backward(const BatchNorm& s, const Real* in, const Real* dout, const Real* saved, Real* din,
                         Real* dscale, Real* dshift, Real* scratch) {
  const int width = s.width;
  const Lines lines = lines_in(saved, width);
  const Stretches stretches = stretches_out(s);
  each_stretch(s, stretches, [&](std::ptrdiff_t t, int first, int count) {
    Real* const sums = scratch + (t + 1) * 2 * width;
    if (s.pool)
      pooled_gradient_sums(lines, s.relu, tiles_of(*s.pool), in, dout, width, first, count, sums);
    else
      gradient_sums_tile(&lines, s.relu, in, dout, width, first, count, sums);
  });
  Real *even = scratch, *along = scratch + width;
  for (int c = 0; c < width; ++c) {
    double plain_sum = 0, along_sum = 0;
    for (int t = 1; t <= stretches.count; ++t) {
      plain_sum += static_cast<double>(scratch[std::ptrdiff_t{t} * 2 * width + c]);
      along_sum += static_cast<double>(scratch[std::ptrdiff_t{t} * 2 * width + width + c]);
    }
    const double inverse = static_cast<double>(saved[width + c]),
                 factor = static_cast<double>(lines.factor[c]);
    if (dshift) dshift[c] += static_cast<Real>(plain_sum);
    if (dscale) dscale[c] += static_cast<Real>(along_sum * inverse);
    even[c] = static_cast<Real>(-factor * plain_sum / s.rows);
    along[c] = static_cast<Real>(-factor * inverse * inverse * along_sum / s.rows);
  }
  if (din) apply_back(s, lines, even, along, in, dout, din);
}

void batch_norm_inference(const BatchNorm& s, const Real* in, const Real* mean, const Real* variance,
                          Real* out, Real* scratch) {
  apply(s, running_lines(s, mean, variance, scratch), in, out);
}

void batch_norm_inference_backward(const BatchNorm& s, const Real* in, const Real* dout, const Real* mean,
                                   const Real* variance, Real* din, Real* scratch) {
  const Lines lines = running_lines(s, mean, variance, scratch);
  Real* nothing = scratch + 2 * s.width;
  std::fill_n(nothing, s.width, Real{0});
  apply_back(s, lines, nothing, nothing, in, dout, din);
}

}  // namespace bpnet::math
