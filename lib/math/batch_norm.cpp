#include "math/batch_norm.hpp"

#include <algorithm>
#include <cmath>

#include "math/image_kernels.hpp"
#include "math/reduce.hpp"
#include "math/threads.hpp"

namespace bpnet::math {

namespace {

constexpr int shortest = 32;  // rows of a stretch

Lines lines_in(const BatchNorm& s, const Real* saved) {
  return {saved, saved + 3 * s.width, saved + 4 * s.width, s.relu};
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

void apply(const BatchNorm& s, const ImageKernels& kernels, const Lines& lines, const Real* in, Real* out) {
  each_stretch(s, stretches_out(s), [&](std::ptrdiff_t, int first, int count) {
    if (s.pool)
      kernels.norm_pooled(lines, tiles_of(*s.pool), in, s.width, first, count, out);
    else
      kernels.norm_lines(lines, in, s.width, first, count, out);
  });
}

void apply_back(const BatchNorm& s, const ImageKernels& kernels, const Lines& lines, const LinesBack& back,
                const Real* in, const Real* dout, Real* din) {
  each_stretch(s, stretches_out(s), [&](std::ptrdiff_t, int first, int count) {
    if (s.pool)
      kernels.norm_pooled_back(lines, back, tiles_of(*s.pool), in, dout, s.width, first, count, din);
    else
      kernels.norm_back(lines, back, in, dout, s.width, first, count, din);
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
  return {mean, scratch, scratch + s.width, s.relu};
}

}  // namespace

std::size_t BatchNorm::scratch() const {
  const int stretches = std::max(Stretches(rows, shortest).count, stretches_out(*this).count);
  return static_cast<std::size_t>(stretches + 1) * static_cast<std::size_t>(width) * 2;
}

void batch_norm(const BatchNorm& s, const Real* in, Real* out, Real* saved, Real* scratch,
                const ImageKernels& kernels) {
  const int width = s.width;
  const Stretches stretches(s.rows, shortest);
  each_stretch(s, stretches, [&](std::ptrdiff_t t, int first, int count) {
    kernels.norm_moments(in, width, first, count, scratch + t * 2 * width);
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
  apply(s, kernels, lines_in(s, saved), in, out);
}

void batch_norm_backward(const BatchNorm& s, const Real* in, const Real* dout, const Real* saved, Real* din,
                         Real* dscale, Real* dshift, Real* scratch, const ImageKernels& kernels) {
  const int width = s.width;
  const Lines lines = lines_in(s, saved);
  const Stretches stretches = stretches_out(s);
  each_stretch(s, stretches, [&](std::ptrdiff_t t, int first, int count) {
    Real* const sums = scratch + (t + 1) * 2 * width;
    if (s.pool)
      kernels.norm_pooled_sums(lines, tiles_of(*s.pool), in, dout, width, first, count, sums);
    else
      kernels.norm_sums(lines, in, dout, width, first, count, sums);
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
  if (din) apply_back(s, kernels, lines, {even, along}, in, dout, din);
}

void batch_norm_inference(const BatchNorm& s, const Real* in, const Real* mean, const Real* variance,
                          Real* out, Real* scratch, const ImageKernels& kernels) {
  apply(s, kernels, running_lines(s, mean, variance, scratch), in, out);
}

void batch_norm_inference_backward(const BatchNorm& s, const Real* in, const Real* dout, const Real* mean,
                                   const Real* variance, Real* din, Real* scratch,
                                   const ImageKernels& kernels) {
  const Lines lines = running_lines(s, mean, variance, scratch);
  Real* nothing = scratch + 2 * s.width;
  std::fill_n(nothing, s.width, Real{0});
  apply_back(s, kernels, lines, {nothing, nothing}, in, dout, din);
}

}  // namespace bpnet::math
