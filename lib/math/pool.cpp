#include "math/pool.hpp"

#include <algorithm>
#include <limits>

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
    f(std::ptrdiff_t{w.rows.at(row, k)} * w.columns.size + w.columns.at(column, across.begin), w.columns.dilation,
      across.end - across.begin);
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

BPNET_CLONES void max_row(const Window* window, const Real* x, int row, int channels, Real* y) {
  const Window w = *window;
  const int places = w.columns.places();
  for (int p = 0; p < places; ++p, y += channels)
    for (int c = 0; c < channels; c += lanes) {
      Wide most;
      greatest_of(w, x + c, row, p, channels, most);
      store_some(most, channels - c, y + c);
    }
}

BPNET_CLONES void max_back_row(const Window* window, bool assign, const Real* x, const Real* dy, int row,
                               int channels, Real* dx) {
  const Window w = *window;
  const int places = w.columns.places();
  for (int p = 0; p < places; ++p, dy += channels)
    for (int c = 0; c < channels; c += lanes) {
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

BPNET_CLONES void average_row(const Window* window, const Real* x, int row, int channels, Real* y) {
  const Window w = *window;
  const int places = w.columns.places();
  for (int p = 0; p < places; ++p, y += channels)
    for (int c = 0; c < channels; c += lanes) {
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

BPNET_CLONES void average_back_row(const Window* window, const Real* dy, int row, int channels, Real* dx) {
  const Window w = *window;
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

/// f(sample, row of places) for all of them; the rows of a sample in one tile if they write to one image.
template <class F>
void each_place_row(const PoolShape& s, bool by_sample, F f) {
  const int rows = s.window.rows.places();
  const double work = 4.0 * s.samples * s.window.places() * s.window.elements() * s.channels;
  if (by_sample)
    parallel(s.samples, work, [&](std::ptrdiff_t i) {
      for (int row = 0; row < rows; ++row) f(i, row);
    });
  else
    parallel(std::ptrdiff_t{s.samples} * rows, work, [&](std::ptrdiff_t i) { f(i / rows, static_cast<int>(i % rows)); });
}

std::ptrdiff_t in_size(const PoolShape& s) { return std::ptrdiff_t{s.window.pixels()} * s.channels; }
std::ptrdiff_t out_at(const PoolShape& s, std::ptrdiff_t sample, int row) {
  return (sample * s.window.rows.places() + row) * s.window.columns.places() * s.channels;
}

}  // namespace

void max_pool(const PoolShape& s, const Real* x, Real* y) {
  each_place_row(s, false, [&](std::ptrdiff_t sample, int row) {
    max_row(&s.window, x + sample * in_size(s), row, s.channels, y + out_at(s, sample, row));
  });
}

void max_pool_backward(const PoolShape& s, const Real* x, const Real* dy, Real* dx) {
  const bool assign = is_tiling(s.window);
  each_place_row(s, !assign, [&](std::ptrdiff_t sample, int row) {
    Real* to = dx + sample * in_size(s);
    if (!assign && row == 0) std::fill_n(to, in_size(s), Real{0});
    max_back_row(&s.window, assign, x + sample * in_size(s), dy + out_at(s, sample, row), row, s.channels, to);
  });
}

void average_pool(const PoolShape& s, const Real* x, Real* y) {
  each_place_row(s, false, [&](std::ptrdiff_t sample, int row) {
    average_row(&s.window, x + sample * in_size(s), row, s.channels, y + out_at(s, sample, row));
  });
}

void average_pool_backward(const PoolShape& s, const Real* dy, Real* dx) {
  each_place_row(s, true, [&](std::ptrdiff_t sample, int row) {
    Real* to = dx + sample * in_size(s);
    if (row == 0) std::fill_n(to, in_size(s), Real{0});
    average_back_row(&s.window, dy + out_at(s, sample, row), row, s.channels, to);
  });
}

}  // namespace bpnet::math
