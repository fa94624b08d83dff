#pragma once
// The kernels of pool.hpp, compiled for one instruction set by the file that includes this.

#include <algorithm>
#include <limits>

#include "math/pool.hpp"
#include "math/wide.hpp"

namespace bpnet::math {

namespace {

/// The part of a window at a place that lies inside: elements begin .. end - 1.
struct Inside {
  int begin, end;
};
BPNET_INLINE Inside inside(const Slide& s, int place) {
  const int first = s.at(place, 0);
  const int begin = first >= 0 ? 0 : (-first + s.dilation - 1) / s.dilation;
  const int room = s.size - first;
  return {begin, room <= 0 ? begin : std::min(s.kernel, (room + s.dilation - 1) / s.dilation)};
}

/// Calls f(first pixel of row k's part, pixels from one element to the next, elements) for the rows of the
/// window at (row, column).
template <class F>
BPNET_INLINE void each_row(const Window& w, int row, int column, F f) {
  const Inside down = inside(w.rows, row), across = inside(w.columns, column);
  for (int k = down.begin; k < down.end; ++k)
    f(std::ptrdiff_t{w.rows.at(row, k)} * w.columns.size + w.columns.at(column, across.begin),
      w.columns.dilation, across.end - across.begin);
}

BPNET_INLINE void greatest_of(const Window& w, const Real* x, int row, int column, int channels, Wide& most) {
  const Real low = -std::numeric_limits<Real>::infinity();
  most = Wide{} + low;
  each_row(w, row, column, [&](std::ptrdiff_t pixel, int step, int count) {
    for (int k = 0; k < count; ++k) {
      Wide v;
      load(x + (pixel + std::ptrdiff_t{k} * step) * channels, v);
      most = v > most ? v : most;
    }
  });
}

void max_row(const Window& w, const Real* x, int row, int channels, Real* y) {
  const int places = w.columns.places();
  for (int p = 0; p < places; ++p, y += channels)
    for (int c = 0; c < channels; c += width) {
      Wide most;
      greatest_of(w, x + c, row, p, channels, most);
      store_some(most, channels - c, y + c);
    }
}

void max_back_row(const Window& w, bool assign, const Real* x, const Real* dy, int row, int channels,
                  Real* dx) {
  const int places = w.columns.places();
  for (int p = 0; p < places; ++p, dy += channels)
    for (int c = 0; c < channels; c += width) {
      Wide most, gradient, v, was;
      greatest_of(w, x + c, row, p, channels, most);
      load(dy + c, gradient);
      each_row(w, row, p, [&](std::ptrdiff_t pixel, int step, int count) {
        for (int k = 0; k < count; ++k) {
          const std::ptrdiff_t at = (pixel + std::ptrdiff_t{k} * step) * channels + c;
          load(x + at, v);
          const auto hit = v == most;
          Wide share = hit ? gradient : Wide{};
          gradient = hit ? Wide{} : gradient;
          if (!assign) {
            load(dx + at, was);
            share += was;
          }
          store_some(share, channels - c, dx + at);
        }
      });
    }
}

void average_row(const Window& w, const Real* x, int row, int channels, Real* y) {
  const int places = w.columns.places();
  for (int p = 0; p < places; ++p, y += channels)
    for (int c = 0; c < channels; c += width) {
      Wide sum = {}, v;
      int seen = 0;
      each_row(w, row, p, [&](std::ptrdiff_t pixel, int step, int count) {
        seen += count;
        for (int k = 0; k < count; ++k) {
          load(x + (pixel + std::ptrdiff_t{k} * step) * channels + c, v);
          sum += v;
        }
      });
      store_some(sum / static_cast<Real>(std::max(1, seen)), channels - c, y + c);
    }
}

void average_back_row(const Window& w, const Real* dy, int row, int channels, Real* dx) {
  const int places = w.columns.places();
  for (int p = 0; p < places; ++p, dy += channels) {
    int seen = 0;
    each_row(w, row, p, [&](std::ptrdiff_t, int, int count) { seen += count; });
    const Real share = 1 / static_cast<Real>(std::max(1, seen));
    each_row(w, row, p, [&](std::ptrdiff_t pixel, int step, int count) {
      for (int k = 0; k < count; ++k) {
        Real* to = dx + (pixel + std::ptrdiff_t{k} * step) * channels;
        for (int c = 0; c < channels; ++c) to[c] += dy[c] * share;
      }
    });
  }
}

}  // namespace

}  // namespace bpnet::math
