#include "math/normalise.hpp"

#include <algorithm>
#include <cmath>

#include "math/map.hpp"
#include "math/reduce.hpp"
#include "math/threads.hpp"

namespace bpnet::math {

namespace {

constexpr int shortest = 32;  // rows of a stretch

/// What the kernels read and write; scale and shift may be null.
struct Rows {
  const Real *in, *dout, *scale, *shift;
  const Real* saved;  // statistics: a pair a row
  Real* out;
  int width;
  Real epsilon;
  bool centred = true;  // about the mean of a row; else about 0
};

/// Rows at a time, gone through step by step, so that one need not wait for the end of another; when they are
/// read again, they are near.
constexpr int at_once = 16;

inline void layer_norm_rows(const Rows& s, std::ptrdiff_t first, std::ptrdiff_t end, Real* saved) {
  const Real n = static_cast<Real>(s.width);
  for (std::ptrdiff_t r = first; r < end; ++r) {
    const Real* x = s.in + r * s.width;
    saved[2 * r] = s.centred ? sum_of(s.width, [&](int c) { return x[c]; }) / n : Real{0};
  }
  for (std::ptrdiff_t r = first; r < end; ++r) {
    const Real* x = s.in + r * s.width;
    const Real mean = saved[2 * r];
    saved[2 * r + 1] = sum_of(s.width, [&](int c) { return (x[c] - mean) * (x[c] - mean); }) / n;
  }
  for (std::ptrdiff_t r = first; r < end; ++r) saved[2 * r + 1] = 1 / std::sqrt(saved[2 * r + 1] + s.epsilon);
  for (std::ptrdiff_t r = first; r < end; ++r) {
    const Real* x = s.in + r * s.width;
    Real* y = s.out + r * s.width;
    const Real mean = saved[2 * r], inverse = saved[2 * r + 1];
    if (s.scale && s.shift)
      for (int c = 0; c < s.width; ++c) y[c] = (x[c] - mean) * inverse * s.scale[c] + s.shift[c];
    else if (s.scale)
      for (int c = 0; c < s.width; ++c) y[c] = (x[c] - mean) * inverse * s.scale[c];
    else
      for (int c = 0; c < s.width; ++c) y[c] = (x[c] - mean) * inverse;
  }
}
BPNET_CLONES void layer_norm_tile(const Rows* rows, int first, int count, Real* saved) {
  const Rows s = *rows;
  for (int end = first + count; first < end; first += at_once)
    layer_norm_rows(s, first, std::min(first + at_once, end), saved);
}

template <bool Scaled>
inline void layer_norm_backward_rows(const Rows& s, int first, int count) {
  const Real n = static_cast<Real>(s.width);
  for (int end = first + count; first < end; first += at_once) {
    const int some = std::min(at_once, end - first);
    Real even[at_once], along[at_once];
    const auto g = [&](const Real* dy, int c) { return Scaled ? dy[c] * s.scale[c] : dy[c]; };
    for (int i = 0; i < some; ++i) {
      const std::ptrdiff_t r = first + i;
      const Real *x = s.in + r * s.width, *dy = s.dout + r * s.width;
      const Real mean = s.saved[2 * r];
      const auto [plain, steep] = sums_of(
          s.width, [&](int c) { return g(dy, c); }, [&](int c) { return g(dy, c) * (x[c] - mean); });
      even[i] = plain;
      along[i] = steep;
    }
    for (int i = 0; i < some; ++i) {
      const Real inverse = s.saved[2 * (first + i) + 1];
      even[i] = s.centred ? even[i] / n : Real{0};
      along[i] *= inverse * inverse / n;
    }
    for (int i = 0; i < some; ++i) {
      const std::ptrdiff_t r = first + i;
      const Real *x = s.in + r * s.width, *dy = s.dout + r * s.width;
      Real* dx = s.out + r * s.width;
      const Real mean = s.saved[2 * r], inverse = s.saved[2 * r + 1];
      for (int c = 0; c < s.width; ++c) dx[c] = inverse * (g(dy, c) - even[i] - (x[c] - mean) * along[i]);
    }
  }
}

BPNET_CLONES void layer_norm_backward_tile(const Rows* rows, int first, int count) {
  const Rows s = *rows;
  if (s.scale)
    layer_norm_backward_rows<true>(s, first, count);
  else
    layer_norm_backward_rows<false>(s, first, count);
}

/// out (width) = sum over `count` rows of f(row, column).
template <class F>
inline void sum_columns(int first, int count, int width, F f, Real* out) {
  const auto some = [&](int c, int columns) {
    Real sum[lanes] = {};
    for (std::ptrdiff_t r = first; r < first + count; ++r)
      for (int j = 0; j < columns; ++j) sum[j] += f(r, c + j);
    for (int j = 0; j < columns; ++j) out[c + j] = sum[j];
  };
  int c = 0;
  for (; c + lanes <= width; c += lanes) some(c, lanes);
  some(c, width - c);
}

BPNET_CLONES void layer_gradient_tile(const Rows* rows, int first, int count, Real* sums) {
  const Rows s = *rows;
  const auto plain = [&](std::ptrdiff_t r, int c) { return s.dout[r * s.width + c]; };
  const auto along = [&](std::ptrdiff_t r, int c) {
    const std::ptrdiff_t i = r * s.width + c;
    return s.dout[i] * (s.in[i] - s.saved[2 * r]) * s.saved[2 * r + 1];
  };
  sum_columns(first, count, s.width, plain, sums);
  sum_columns(first, count, s.width, along, sums + s.width);
}

constexpr double work_of(int rows, int width) { return 8.0 * rows * width; }

std::size_t scratch_of(int rows, int width) {
  return static_cast<std::size_t>(Stretches(rows, shortest).count) * static_cast<std::size_t>(width) * 2;
}

void add_to(const Real* sums, int width, Real* out) {
  if (!out) return;
  for (int c = 0; c < width; ++c) out[c] += sums[c];
}

}  // namespace

namespace {
void norm_rows(const Rows& s, int rows, Real* saved) {
  const Stretches stretches(rows, shortest);
  parallel(stretches.count, work_of(rows, s.width),
           [&](std::ptrdiff_t t) { layer_norm_tile(&s, stretches.begin(t), stretches.size(t), saved); });
}

void norm_rows_backward(const Rows& s, int rows, Real* dscale, Real* dshift, Real* scratch) {
  const Stretches stretches(rows, shortest);
  const bool sums = dscale || dshift;
  const std::ptrdiff_t numbers = 2 * std::ptrdiff_t{s.width};
  parallel(stretches.count, work_of(rows, s.width), [&](std::ptrdiff_t t) {
    // The sums first, as din may be dout; the second time rows are read, they are in cache.
    if (sums) layer_gradient_tile(&s, stretches.begin(t), stretches.size(t), scratch + t * numbers);
    if (s.out) layer_norm_backward_tile(&s, stretches.begin(t), stretches.size(t));
  });
  if (!sums) return;
  for (int t = 1; t < stretches.count; ++t)
    for (int i = 0; i < numbers; ++i) scratch[i] += scratch[t * numbers + i];
  add_to(scratch, s.width, dshift);
  add_to(scratch + s.width, s.width, dscale);
}
}  // namespace

void layer_norm(const Real* in, int rows, int width, const Real* scale, const Real* shift, Real epsilon,
                Real* out, Real* saved) {
  norm_rows({in, nullptr, scale, shift, saved, out, width, epsilon}, rows, saved);
}

void rms_norm(const Real* in, int rows, int width, const Real* scale, Real epsilon, Real* out, Real* saved) {
  norm_rows({in, nullptr, scale, nullptr, saved, out, width, epsilon, false}, rows, saved);
}

std::size_t layer_norm_scratch(int rows, int width) { return scratch_of(rows, width); }

void layer_norm_backward(const Real* in, const Real* dout, int rows, int width, const Real* scale,
                         const Real* saved, Real* din, Real* dscale, Real* dshift, Real* scratch) {
  norm_rows_backward({in, dout, scale, nullptr, saved, din, width, 0}, rows, dscale, dshift, scratch);
}

void rms_norm_backward(const Real* in, const Real* dout, int rows, int width, const Real* scale,
                       const Real* saved, Real* din, Real* dscale, Real* scratch) {
  norm_rows_backward({in, dout, scale, nullptr, saved, din, width, 0, false}, rows, dscale, nullptr, scratch);
}

}  // namespace bpnet::math
