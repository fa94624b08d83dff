#include "math/pool_steps.hpp"

#include <algorithm>

#include "math/elements.hpp"
#include "math/functions.hpp"
#include "math/map.hpp"
#include "math/reduce.hpp"
#include "math/threads.hpp"

namespace bpnet::math {

namespace {

/// Calls f(sample, steps in use, where its rows begin, where its pooled row does).
template <class F>
void each_sample(const StepsShape& s, std::span<const int> lengths, F f) {
  const std::ptrdiff_t sample = std::ptrdiff_t{s.steps} * s.width;
  parallel(s.samples, static_cast<double>(s.samples) * static_cast<double>(sample),
           [&](std::ptrdiff_t i) { f(i, lengths[static_cast<std::size_t>(i)], i * sample, i * s.width); });
}

BPNET_CLONES void add_rows(const Real* rows, int count, int width, Real* sum) {
  for (int r = 0; r < count; ++r, rows += width)
    for (int i = 0; i < width; ++i) sum[i] += rows[i];
}
BPNET_CLONES void scale_row(const Real* row, int width, Real factor, Real* out) {
  for (int i = 0; i < width; ++i) out[i] = row[i] * factor;
}
BPNET_CLONES void add_scaled(const Real* row, int width, Real factor, Real* out) {
  for (int i = 0; i < width; ++i) out[i] += row[i] * factor;
}
BPNET_CLONES void greatest_row(const Real* rows, int count, int width, Real* out) {
  for (int r = 0; r < count; ++r, rows += width)
    for (int i = 0; i < width; ++i) out[i] = rows[i] > out[i] ? rows[i] : out[i];
}
BPNET_CLONES Real dot_of(const Real* a, const Real* b, int n) {
  return sum_of(n, [&](int i) { return a[i] * b[i]; });
}

void no_gradient(const StepsShape& s, int from, Real* rows) {
  std::fill(rows + std::ptrdiff_t{from} * s.width, rows + std::ptrdiff_t{s.steps} * s.width, Real{0});
}

}  // namespace

void mean_of_steps(const StepsShape& s, const Real* in, std::span<const int> lengths, Real* out) {
  each_sample(s, lengths, [&](std::ptrdiff_t, int n, std::ptrdiff_t rows, std::ptrdiff_t row) {
    std::fill_n(out + row, s.width, Real{0});
    add_rows(in + rows, n, s.width, out + row);
    if (n > 0) scale_row(out + row, s.width, 1 / static_cast<Real>(n), out + row);
  });
}

void mean_of_steps_backward(const StepsShape& s, const Real* dout, std::span<const int> lengths, Real* din) {
  each_sample(s, lengths, [&](std::ptrdiff_t, int n, std::ptrdiff_t rows, std::ptrdiff_t row) {
    for (int t = 0; t < n; ++t)
      scale_row(dout + row, s.width, 1 / static_cast<Real>(n), din + rows + std::ptrdiff_t{t} * s.width);
    no_gradient(s, n, din + rows);
  });
}

void greatest_of_steps(const StepsShape& s, const Real* in, std::span<const int> lengths, Real* out) {
  each_sample(s, lengths, [&](std::ptrdiff_t, int n, std::ptrdiff_t rows, std::ptrdiff_t row) {
    if (n == 0)
      std::fill_n(out + row, s.width, Real{0});
    else
      std::copy_n(in + rows, s.width, out + row);
    greatest_row(in + rows, n, s.width, out + row);
  });
}

void greatest_of_steps_backward(const StepsShape& s, const Real* in, const Real* out, const Real* dout,
                                std::span<const int> lengths, Real* din) {
  each_sample(s, lengths, [&](std::ptrdiff_t, int n, std::ptrdiff_t rows, std::ptrdiff_t row) {
    no_gradient(s, 0, din + rows);
    for (int i = 0; i < s.width; ++i)
      for (int t = 0; t < n; ++t) {
        const std::ptrdiff_t at = rows + std::ptrdiff_t{t} * s.width + i;
        if (in[at] != out[row + i]) continue;
        din[at] = dout[row + i];
        break;
      }
  });
}

namespace {
std::ptrdiff_t end_of(const StepsShape& s, StepsEnd end, int length) {
  return end == StepsEnd::first ? 0 : std::ptrdiff_t{length - 1} * s.width;
}
}  // namespace

void end_of_steps(const StepsShape& s, StepsEnd end, const Real* in, std::span<const int> lengths,
                  Real* out) {
  each_sample(s, lengths, [&](std::ptrdiff_t, int n, std::ptrdiff_t rows, std::ptrdiff_t row) {
    if (n == 0)
      std::fill_n(out + row, s.width, Real{0});
    else
      std::copy_n(in + rows + end_of(s, end, n), s.width, out + row);
  });
}

void end_of_steps_backward(const StepsShape& s, StepsEnd end, const Real* dout, std::span<const int> lengths,
                           Real* din) {
  each_sample(s, lengths, [&](std::ptrdiff_t, int n, std::ptrdiff_t rows, std::ptrdiff_t row) {
    no_gradient(s, 0, din + rows);
    if (n > 0) std::copy_n(dout + row, s.width, din + rows + end_of(s, end, n));
  });
}

void attend_steps(const StepsShape& s, const Real* in, const Real* score, std::span<const int> lengths,
                  Real* out, Real* saved) {
  each_sample(s, lengths, [&](std::ptrdiff_t i, int n, std::ptrdiff_t rows, std::ptrdiff_t row) {
    Real* weights = saved + i * s.steps;
    Real top = 0, sum = 0;
    for (int t = 0; t < n; ++t) {
      weights[t] = dot_of(in + rows + std::ptrdiff_t{t} * s.width, score, s.width);
      top = t == 0 || weights[t] > top ? weights[t] : top;
    }
    for (int t = 0; t < n; ++t) sum += weights[t] = exp_up_to_88(weights[t] - top);
    std::fill_n(out + row, s.width, Real{0});
    for (int t = 0; t < n; ++t) {
      weights[t] /= sum;
      add_scaled(in + rows + std::ptrdiff_t{t} * s.width, s.width, weights[t], out + row);
    }
  });
}

void attend_steps_backward(const StepsShape& s, const Real* in, const Real* score, const Real* dout,
                           std::span<const int> lengths, const Real* saved, Real* din, Real* dscore,
                           Real* scratch) {
  each_sample(s, lengths, [&](std::ptrdiff_t i, int n, std::ptrdiff_t rows, std::ptrdiff_t row) {
    const Real* weights = saved + i * s.steps;
    const auto slope = [&](int t) {
      return dot_of(in + rows + std::ptrdiff_t{t} * s.width, dout + row, s.width);
    };
    Real along = 0;
    for (int t = 0; t < n; ++t) along += weights[t] * slope(t);
    std::fill_n(scratch + row, s.width, Real{0});
    for (int t = 0; t < n; ++t) {
      const std::ptrdiff_t at = rows + std::ptrdiff_t{t} * s.width;
      const Real d = weights[t] * (slope(t) - along);
      add_scaled(in + at, s.width, d, scratch + row);
      if (!din) continue;
      scale_row(dout + row, s.width, weights[t], din + at);
      add_scaled(score, s.width, d, din + at);
    }
    if (din) no_gradient(s, n, din + rows);
  });
  if (dscore) add_column_sums(scratch, s.samples, s.width, dscore);
}

}  // namespace bpnet::math
