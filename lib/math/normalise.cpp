#include "math/normalise.hpp"

#include <algorithm>
#include <cmath>

#include "math/map.hpp"
#include "math/reduce.hpp"
#include "math/threads.hpp"

namespace bpnet::math {

namespace {

constexpr int shortest = 32;  // rows of a stretch

/// Rows from `first` on of a matrix; scale and shift may be null.
struct Rows {
  const Real *in, *dout, *scale, *shift;
  Real *out, *saved;
  int width;
  Real epsilon;
};

BPNET_CLONES void layer_norm_tile(const Rows* rows, int first, int count) {
  const Rows& s = *rows;
  const Real n = static_cast<Real>(s.width);
  for (std::ptrdiff_t r = first; r < first + count; ++r) {
    const Real* x = s.in + r * s.width;
    Real* y = s.out + r * s.width;
    const Real mean = sum_of(s.width, [&](int c) { return x[c]; }) / n;
    const Real variance = sum_of(s.width, [&](int c) { return (x[c] - mean) * (x[c] - mean); }) / n;
    const Real inverse = 1 / std::sqrt(variance + s.epsilon);
    if (s.scale)
      for (int c = 0; c < s.width; ++c) y[c] = (x[c] - mean) * inverse * s.scale[c] + s.shift[c];
    else
      for (int c = 0; c < s.width; ++c) y[c] = (x[c] - mean) * inverse;
    s.saved[2 * r] = mean;
    s.saved[2 * r + 1] = inverse;
  }
}

BPNET_CLONES void layer_norm_backward_tile(const Rows* rows, int first, int count) {
  const Rows& s = *rows;
  const Real n = static_cast<Real>(s.width);
  for (std::ptrdiff_t r = first; r < first + count; ++r) {
    const Real *x = s.in + r * s.width, *dy = s.dout + r * s.width;
    Real* dx = s.out + r * s.width;
    const Real mean = s.saved[2 * r], inverse = s.saved[2 * r + 1];
    const auto g = [&](int c) { return s.scale ? dy[c] * s.scale[c] : dy[c]; };
    const Real even = sum_of(s.width, g) / n;
    const Real along = sum_of(s.width, [&](int c) { return g(c) * (x[c] - mean); }) * inverse / n;
    for (int c = 0; c < s.width; ++c) dx[c] = inverse * (g(c) - even - (x[c] - mean) * inverse * along);
  }
}
