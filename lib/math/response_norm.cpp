#include "math/response_norm.hpp"

#include <algorithm>
#include <cmath>

#include "math/reduce.hpp"
#include "math/threads.hpp"

namespace bpnet::math {

namespace {

/// Sum of f(channel) over the channels around `c`: as many before as behind, or one more before.
template <class F>
Real around(const ResponseNorm& s, int c, bool mirrored, F f) {
  const int left = mirrored ? (s.size - 1) / 2 : s.size / 2, right = s.size - 1 - left;
  Real sum = 0;
  for (int j = std::max(0, c - left); j <= std::min(s.channels - 1, c + right); ++j) sum += f(j);
  return sum;
}

Real base_of(const ResponseNorm& s, const Real* x, int c) {
  return s.bias +
         s.alpha / static_cast<Real>(s.size) * around(s, c, false, [&](int j) { return x[j] * x[j]; });
}

template <class F>
void each_row(const ResponseNorm& s, F f) {
  const Stretches stretches(s.rows, 64);
  parallel(stretches.count, 50.0 * s.rows * s.channels * s.size, [&](std::ptrdiff_t t) {
    for (int r = stretches.begin(t); r < stretches.begin(t) + stretches.size(t); ++r)
      f(std::ptrdiff_t{r} * s.channels);
  });
}

}  // namespace

void response_norm(const ResponseNorm& s, const Real* x, Real* y) {
  each_row(s, [&](std::ptrdiff_t row) {
    for (int c = 0; c < s.channels; ++c) y[row + c] = x[row + c] * std::pow(base_of(s, x + row, c), -s.beta);
  });
}

void response_norm_backward(const ResponseNorm& s, const Real* x, const Real* dy, Real* dx) {
  each_row(s, [&](std::ptrdiff_t row) {
    for (int c = 0; c < s.channels; ++c) {
      const Real along = around(s, c, true, [&](int j) {
        return dy[row + j] * x[row + j] * std::pow(base_of(s, x + row, j), -s.beta - 1);
      });
      dx[row + c] = dy[row + c] * std::pow(base_of(s, x + row, c), -s.beta) -
                    2 * s.alpha * s.beta / static_cast<Real>(s.size) * x[row + c] * along;
    }
  });
}

}  // namespace bpnet::math
