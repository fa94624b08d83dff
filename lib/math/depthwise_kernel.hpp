#pragma once
// The kernels of depthwise convolutions, compiled for one instruction set by the file that includes this.

#include <algorithm>

#include "math/wide.hpp"
#include "math/window.hpp"

namespace bpnet::math {

namespace {

constexpr int in_flight = 8;  // places computed at once

/// Places at which element k of the window lies inside of the image.
struct Stretch {
  int begin, end;
};
inline Stretch places_inside(const Slide& s, int k) {
  const int shift = k * s.dilation - s.before;  // at(place, k) = place * stride + shift
  const int begin = shift >= 0 ? 0 : (-shift + s.stride - 1) / s.stride;
  const int last = s.size - 1 - shift;
  const int end = last < 0 ? 0 : std::min(s.places(), last / s.stride + 1);
  return {std::min(begin, end), end};
}

/// One row of places of one sample: y (places, channels) = sums of x (rows, columns, channels) * w (elements,
/// channels), plus bias.
void row_of_places(const Window& s, int channels, const Real* x, const Real* w, const Real* bias, int row,
                   Real* y) {
  const int places = s.columns.places();
  for (int c = 0; c < channels; c += width)
    for (int p = 0; p < places; p += in_flight) {
      const int count = std::min(in_flight, places - p);
      Wide sum[in_flight];
      for (Wide& v : sum) {
        v = Wide{};
        if (bias) load(bias + c, v);
      }
      for (int ky = 0; ky < s.rows.kernel; ++ky) {
        const int at = s.rows.at(row, ky);
        if (at < 0 || at >= s.rows.size) continue;
        const Real* from = x + std::ptrdiff_t{at} * s.columns.size * channels + c;
        for (int kx = 0; kx < s.columns.kernel; ++kx) {
          const Stretch valid = places_inside(s.columns, kx);
          Wide weight, pixel;
          load(w + (ky * s.columns.kernel + kx) * channels + c, weight);
          const std::ptrdiff_t step = std::ptrdiff_t{s.columns.stride} * channels;
          const Real* pixels = from + std::ptrdiff_t{s.columns.at(p, kx)} * channels;
          if (valid.begin <= p && p + in_flight <= valid.end) {
#pragma GCC unroll 8
            for (int j = 0; j < in_flight; ++j) {
              load(pixels + j * step, pixel);
              sum[j] += pixel * weight;
            }
          } else {
            for (int j = std::max(0, valid.begin - p); j < std::min(count, valid.end - p); ++j) {
              load(pixels + j * step, pixel);
              sum[j] += pixel * weight;
            }
          }
        }
      }
      for (int j = 0; j < count; ++j)
        store_some(sum[j], channels - c, y + std::ptrdiff_t{p + j} * channels + c);
    }
}

/// dx of one sample += what row `row` of dy brings.
void row_back(const Window& s, int channels, const Real* dy, const Real* w, int row, Real* dx) {
  for (int ky = 0; ky < s.rows.kernel; ++ky) {
    const int at = s.rows.at(row, ky);
    if (at < 0 || at >= s.rows.size) continue;
    for (int kx = 0; kx < s.columns.kernel; ++kx) {
      const Stretch valid = places_inside(s.columns, kx);
      const Real* weight = w + (ky * s.columns.kernel + kx) * channels;
      for (int p = valid.begin; p < valid.end; ++p) {
        Real* to = dx + (std::ptrdiff_t{at} * s.columns.size + s.columns.at(p, kx)) * channels;
        const Real* from = dy + std::ptrdiff_t{p} * channels;
        for (int c = 0; c < channels; ++c) to[c] += from[c] * weight[c];
      }
    }
  }
}

/// dw (elements, channels) += what one sample brings.
void weights_of_sample(const Window& s, int channels, const Real* x, const Real* dy, Real* dw) {
  const int across = s.columns.places();
  for (int ky = 0; ky < s.rows.kernel; ++ky)
    for (int kx = 0; kx < s.columns.kernel; ++kx) {
      const Stretch down = places_inside(s.rows, ky), valid = places_inside(s.columns, kx);
      Real* to = dw + (ky * s.columns.kernel + kx) * channels;
      for (int c = 0; c < channels; c += width) {
        Wide sum[4] = {}, a, b;
        for (int row = down.begin; row < down.end; ++row) {
          const Real* pixels =
              x + (std::ptrdiff_t{s.rows.at(row, ky)} * s.columns.size + s.columns.at(0, kx)) * channels + c;
          const Real* gradients = dy + std::ptrdiff_t{row} * across * channels + c;
          int p = valid.begin;
          for (; p + 4 <= valid.end; p += 4)
#pragma GCC unroll 4
            for (int j = 0; j < 4; ++j) {
              load(pixels + std::ptrdiff_t{p + j} * s.columns.stride * channels, a);
              load(gradients + std::ptrdiff_t{p + j} * channels, b);
              sum[j] += a * b;
            }
          for (; p < valid.end; ++p) {
            load(pixels + std::ptrdiff_t{p} * s.columns.stride * channels, a);
            load(gradients + std::ptrdiff_t{p} * channels, b);
            sum[0] += a * b;
          }
        }
        const Wide all = (sum[0] + sum[1]) + (sum[2] + sum[3]);
        for (int i = 0; i < std::min(width, channels - c); ++i) to[c + i] += all[i];
      }
    }
}

}  // namespace

}  // namespace bpnet::math
