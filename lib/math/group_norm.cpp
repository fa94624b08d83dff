#include "math/group_norm.hpp"

#include <cmath>

#include "math/map.hpp"
#include "math/shards.hpp"
#include "math/threads.hpp"

namespace bpnet::math {

namespace {

/// Sum over the pixels and channels from .. to - 1 of f(index, channel), channel by channel in order.
template <class F>
inline Real sum_over(const GroupNormShape& s, int from, int to, F f) {
  constexpr int most = 16;
  Real sum = 0;
  for (int c = from; c < to; c += most) {
    const int n = std::min(most, to - c);
    Real part[most] = {};
    for (std::ptrdiff_t p = 0; p < s.pixels; ++p)
      for (int j = 0; j < n; ++j) part[j] += f(p * s.channels + c + j, c + j);
    for (int j = 0; j < n; ++j) sum += part[j];
  }
  return sum;
}

template <class F>
inline void each_element(const GroupNormShape& s, int from, int to, F f) {
  for (std::ptrdiff_t p = 0; p < s.pixels; ++p)
    for (int c = from; c < to; ++c) f(p * s.channels + c, c);
}

BPNET_CLONES void forward_image(const GroupNormShape* shape, const Real* x, const Real* scale,
                                const Real* shift, Real* y, Real* statistics) {
  const GroupNormShape s = *shape;
  const int wide = s.channels / s.groups;
  const Real n = static_cast<Real>(wide) * static_cast<Real>(s.pixels);
  for (int g = 0; g < s.groups; ++g) {
    const int from = g * wide, to = from + wide;
    const Real mean = sum_over(s, from, to, [&](std::ptrdiff_t i, int) { return x[i]; }) / n;
    const Real variance =
        sum_over(s, from, to, [&](std::ptrdiff_t i, int) { return (x[i] - mean) * (x[i] - mean); }) / n;
    const Real factor = 1 / std::sqrt(variance + s.epsilon);
    each_element(s, from, to, [&](std::ptrdiff_t i, int c) {
      y[i] = (x[i] - mean) * factor * (scale ? scale[c] : 1) + (shift ? shift[c] : 0);
    });
    statistics[2 * g] = mean;
    statistics[2 * g + 1] = factor;
  }
}

/// sums (2, channels): of dy, and of dy times what was normalised.
BPNET_CLONES void sums_of_image(const GroupNormShape* shape, const Real* x, const Real* dy,
                                const Real* statistics, Real* sums) {
  const GroupNormShape s = *shape;
  const int wide = s.channels / s.groups;
  for (int c = 0; c < s.channels; ++c) {
    const Real mean = statistics[2 * (c / wide)], factor = statistics[2 * (c / wide) + 1];
    sums[c] = sum_over(s, c, c + 1, [&](std::ptrdiff_t i, int) { return dy[i]; });
    sums[s.channels + c] =
        sum_over(s, c, c + 1, [&](std::ptrdiff_t i, int) { return dy[i] * (x[i] - mean) * factor; });
  }
}

BPNET_CLONES void backward_image(const GroupNormShape* shape, const Real* x, const Real* dy,
                                 const Real* scale, const Real* statistics, const Real* sums, Real* dx) {
  const GroupNormShape s = *shape;
  const int wide = s.channels / s.groups;
  const Real n = static_cast<Real>(wide) * static_cast<Real>(s.pixels);
  for (int g = 0; g < s.groups; ++g) {
    const int from = g * wide, to = from + wide;
    const Real mean = statistics[2 * g], factor = statistics[2 * g + 1];
    Real even = 0, along = 0;
    for (int c = from; c < to; ++c) {
      even += sums[c] * (scale ? scale[c] : 1);
      along += sums[s.channels + c] * (scale ? scale[c] : 1);
    }
    even /= n;
    along /= n;
    each_element(s, from, to, [&](std::ptrdiff_t i, int c) {
      dx[i] = factor * (dy[i] * (scale ? scale[c] : 1) - even - (x[i] - mean) * factor * along);
    });
  }
}

}  // namespace

void group_norm(const GroupNormShape& s, const Real* x, const Real* scale, const Real* shift, Real* y,
                Real* statistics) {
  const std::ptrdiff_t image = std::ptrdiff_t{s.pixels} * s.channels;
  parallel(s.samples, 4.0 * s.samples * static_cast<double>(image), [&](std::ptrdiff_t i) {
    forward_image(&s, x + i * image, scale, shift, y + i * image, statistics + 2 * i * s.groups);
  });
}

void group_norm_backward(const GroupNormShape& s, const Real* x, const Real* dy, const Real* scale,
                         const Real* statistics, Real* dx, Real* dscale, Real* dshift, Real* scratch) {
  const std::ptrdiff_t image = std::ptrdiff_t{s.pixels} * s.channels;
  parallel(s.samples, 8.0 * s.samples * static_cast<double>(image), [&](std::ptrdiff_t i) {
    Real* sums = scratch + 2 * i * s.channels;
    const Real* of = statistics + 2 * i * s.groups;
    sums_of_image(&s, x + i * image, dy + i * image, of, sums);
    if (dx) backward_image(&s, x + i * image, dy + i * image, scale, of, sums, dx + i * image);
  });
  const auto n = static_cast<std::size_t>(s.channels);
  if (dshift) sum_shards(scratch, s.samples, 2 * n, n, true, dshift);
  if (dscale) sum_shards(scratch + n, s.samples, 2 * n, n, true, dscale);
}

}  // namespace bpnet::math
