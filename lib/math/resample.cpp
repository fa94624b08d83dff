#include "math/resample.hpp"

#include <algorithm>
#include <cmath>

#include "math/map.hpp"
#include "math/threads.hpp"

namespace bpnet::math {

namespace {

/// What place `i` of an enlarged axis is made of: near * (1 - share) + far * share.
struct Mix {
  int near, far;
  Real share;
};
Mix mix_at(int i, int size, int factor, bool bilinear) {
  if (!bilinear) return {i / factor, i / factor, 0};
  const Real at =
      std::max(Real{0}, (static_cast<Real>(i) + Real{0.5}) / static_cast<Real>(factor) - Real{0.5});
  const int near = std::min(static_cast<int>(at), size - 1);
  return {near, std::min(near + 1, size - 1), at - static_cast<Real>(near)};
}

/// f(factor, where in x, where in y) for the up to four parts of each pixel of an image's y.
template <class F>
void each_part(const UpsampleShape& s, F f) {
  std::ptrdiff_t y = 0;
  for (int i = 0; i < s.rows * s.down; ++i) {
    const Mix down = mix_at(i, s.rows, s.down, s.bilinear);
    for (int j = 0; j < s.columns * s.across; ++j, y += s.channels) {
      const Mix across = mix_at(j, s.columns, s.across, s.bilinear);
      const auto part = [&](Real factor, int row, int column) {
        if (factor != 0) f(factor, (std::ptrdiff_t{row} * s.columns + column) * s.channels, y);
      };
      part((1 - down.share) * (1 - across.share), down.near, across.near);
      part((1 - down.share) * across.share, down.near, across.far);
      part(down.share * (1 - across.share), down.far, across.near);
      part(down.share * across.share, down.far, across.far);
    }
  }
}

BPNET_CLONES void add_scaled(Real factor, const Real* from, int n, Real* to) {
  for (int c = 0; c < n; ++c) to[c] += factor * from[c];
}

std::ptrdiff_t in_size(const UpsampleShape& s) { return std::ptrdiff_t{s.rows} * s.columns * s.channels; }
std::ptrdiff_t out_size(const UpsampleShape& s) { return in_size(s) * s.down * s.across; }

template <class F>
void each_image(const UpsampleShape& s, F f) {
  parallel(s.samples, 4.0 * s.samples * static_cast<double>(out_size(s)), f);
}

/// f(image row of x, or of y behind the padding) for all rows of all samples.
template <class F>
void each_padded(const PadShape& s, F f) {
  const std::ptrdiff_t wide = std::ptrdiff_t{s.left + s.columns + s.right} * s.channels;
  const std::ptrdiff_t line = std::ptrdiff_t{s.columns} * s.channels;
  const int high = s.top + s.rows + s.bottom;
  parallel(s.samples, static_cast<double>(s.samples) * high * static_cast<double>(wide),
           [&](std::ptrdiff_t i) { f(i * s.rows * line, i * high * wide, line, wide); });
}

}  // namespace

void upsample(const UpsampleShape& s, const Real* x, Real* y) {
  each_image(s, [&](std::ptrdiff_t i) {
    const Real* from = x + i * in_size(s);
    Real* to = y + i * out_size(s);
    std::fill_n(to, out_size(s), Real{0});
    each_part(s, [&](Real factor, std::ptrdiff_t a, std::ptrdiff_t b) {
      add_scaled(factor, from + a, s.channels, to + b);
    });
  });
}

void upsample_backward(const UpsampleShape& s, const Real* dy, Real* dx) {
  each_image(s, [&](std::ptrdiff_t i) {
    const Real* from = dy + i * out_size(s);
    Real* to = dx + i * in_size(s);
    std::fill_n(to, in_size(s), Real{0});
    each_part(s, [&](Real factor, std::ptrdiff_t a, std::ptrdiff_t b) {
      add_scaled(factor, from + b, s.channels, to + a);
    });
  });
}

void pad(const PadShape& s, const Real* x, Real* y) {
  each_padded(s, [&](std::ptrdiff_t in, std::ptrdiff_t out, std::ptrdiff_t line, std::ptrdiff_t wide) {
    std::fill_n(y + out, (s.top + s.rows + s.bottom) * wide, Real{0});
    for (int r = 0; r < s.rows; ++r)
      std::copy_n(x + in + r * line, line, y + out + (s.top + r) * wide + s.left * s.channels);
  });
}

void pad_backward(const PadShape& s, const Real* dy, Real* dx) {
  each_padded(s, [&](std::ptrdiff_t in, std::ptrdiff_t out, std::ptrdiff_t line, std::ptrdiff_t wide) {
    for (int r = 0; r < s.rows; ++r)
      std::copy_n(dy + out + (s.top + r) * wide + s.left * s.channels, line, dx + in + r * line);
  });
}

}  // namespace bpnet::math
