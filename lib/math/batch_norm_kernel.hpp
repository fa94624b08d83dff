#pragma once
// The kernels of batch_norm.hpp, compiled for one instruction set by the file that includes this. With a
// pooling behind, values before it are found from their input again instead of being kept, which halves what
// is read and written.

#include <algorithm>
#include <type_traits>

#include "math/batch_norm_lines.hpp"
#include "math/wide.hpp"

namespace bpnet::math {

namespace {

namespace batch_norm_kernels {

/// A vector of columns of Lines.
struct Line {
  Wide mean, factor, shift;
};
BPNET_INLINE void load_line(const Lines& l, int c, Line& line) {
  load(l.mean + c, line.mean);
  load(l.factor + c, line.factor);
  load(l.shift + c, line.shift);
}
BPNET_INLINE void line_at(const Line& l, const Wide& x, Wide& y) { y = (x - l.mean) * l.factor + l.shift; }
/// f, told at compile time whether there is a rectifier.
template <class F>
BPNET_INLINE void with_relu(const Lines& l, F f) {
  l.relu ? f(std::true_type{}) : f(std::false_type{});
}
/// The gradient behind the rectifier of y.
template <bool Relu>
BPNET_INLINE void pass_back(const Wide& y, Wide& gradient) {
  if constexpr (Relu) gradient = y > 0 ? gradient : Wide{};
}

/// Calls strip(vectors, first column) for strips of columns: of four vectors, then of one; the number is
/// known at compile time.
template <class Strip>
BPNET_INLINE void in_strips(int columns, Strip strip) {
  int c = 0;
  for (; c + 4 * width <= columns; c += 4 * width) strip(std::integral_constant<int, 4>{}, c);
  for (; c < columns; c += width) strip(std::integral_constant<int, 1>{}, c);
}

template <int N>
BPNET_INLINE void moments_of(const Real* in, int columns, int c, int first, int count, Real* out) {
  constexpr int block = 64;  // rows that are in the cache when they are read for the second time
  Wide mean[N] = {}, squares[N] = {};
  for (int done = 0; done < count; done += block) {
    const int rows = std::min(block, count - done);
    const Real n = static_cast<Real>(rows), seen = static_cast<Real>(done), all = seen + n;
    const Real* const from = in + std::ptrdiff_t{first + done} * columns + c;
    Wide x, own[N] = {}, square[N] = {};
    for (std::ptrdiff_t r = 0; r < rows; ++r)
#pragma GCC unroll 4
      for (int i = 0; i < N; ++i) {
        load(from + r * columns + i * width, x);
        own[i] += x;
      }
#pragma GCC unroll 4
    for (int i = 0; i < N; ++i) own[i] *= 1 / n;
    for (std::ptrdiff_t r = 0; r < rows; ++r)
#pragma GCC unroll 4
      for (int i = 0; i < N; ++i) {
        load(from + r * columns + i * width, x);
        square[i] += (x - own[i]) * (x - own[i]);
      }
#pragma GCC unroll 4
    for (int i = 0; i < N; ++i) {  // joined with those before (Chan, Golub, LeVeque 1983)
      const Wide apart = own[i] - mean[i];
      mean[i] += apart * (n / all);
      squares[i] += square[i] + apart * apart * (seen * n / all);
    }
  }
#pragma GCC unroll 4
  for (int i = 0; i < N; ++i) {
    store_some(mean[i], columns - c - i * width, out + c + i * width);
    store_some(squares[i], columns - c - i * width, out + columns + c + i * width);
  }
}
/// Means, and sums of squares about them, of some rows to out (2, columns).
void moments(const Real* in, int columns, int first, int count, Real* out) {
  in_strips(columns, [&](auto n, int c) { moments_of<n>(in, columns, c, first, count, out); });
}

template <bool Relu, int N>
BPNET_INLINE void lines_of_strip(const Lines& l, const Real* in, int columns, int c, int first, int count,
                                 Real* out) {
  const int left = columns - c - (N - 1) * width;
  Line line[N];
#pragma GCC unroll 4
  for (int i = 0; i < N; ++i) load_line(l, c + i * width, line[i]);
  for (std::ptrdiff_t r = first; r < first + count; ++r)
#pragma GCC unroll 4
    for (int i = 0; i < N; ++i) {
      const std::ptrdiff_t at = r * columns + c + i * width;
      Wide x, y;
      load(in + at, x);
      line_at(line[i], x, y);
      if constexpr (Relu) y = y > 0 ? y : Wide{};
      store_some(y, i + 1 < N ? width : left, out + at);
    }
}
template <bool Relu>
BPNET_INLINE void lines_of(const Lines& l, const Real* in, int columns, int first, int count, Real* out) {
  in_strips(columns, [&](auto n, int c) { lines_of_strip<Relu, n>(l, in, columns, c, first, count, out); });
}
void lines(const Lines& l, const Real* in, int columns, int first, int count, Real* out) {
  with_relu(l, [&](auto relu) { lines_of<relu>(l, in, columns, first, count, out); });
}

/// Sums of the gradient, and of it times (x - mean), of a strip. each(f) calls f(row of dout, find) for all
/// rows; find(line, column, x, y) gives what a row's gradient belongs to.
template <bool Relu, int N, class Each>
BPNET_INLINE void sums_of_strip(const Lines& l, const Real* dout, int columns, int c, Each each, Real* out) {
  Wide plain[N] = {}, along[N] = {};
  each([&](std::ptrdiff_t row, auto find) {
#pragma GCC unroll 4
    for (int i = 0; i < N; ++i) {
      const int column = c + i * width;
      Line line;
      Wide x, y, gradient;
      load_line(l, column, line);
      find(line, column, x, y);
      load(dout + row * columns + column, gradient);
      pass_back<Relu>(y, gradient);
      plain[i] += gradient;
      along[i] += gradient * (x - line.mean);
    }
  });
#pragma GCC unroll 4
  for (int i = 0; i < N; ++i) {
    store_some(plain[i], columns - c - i * width, out + c + i * width);
    store_some(along[i], columns - c - i * width, out + columns + c + i * width);
  }
}
template <class Each>
BPNET_INLINE void sums_of(const Lines& l, const Real* dout, int columns, Each each, Real* out) {
  with_relu(l, [&](auto relu) {
    in_strips(columns, [&](auto n, int c) { sums_of_strip<relu, n>(l, dout, columns, c, each, out); });
  });
}
/// Sums of the gradient, and of it times (x - mean), to out (2, columns).
void gradient_sums(const Lines& l, const Real* in, const Real* dout, int columns, int first, int count,
                   Real* out) {
  const auto rows = [&](auto f) {
    for (std::ptrdiff_t r = first; r < first + count; ++r)
      f(r, [&](const Line& line, int column, Wide& x, Wide& y) {
        load(in + r * columns + column, x);
        line_at(line, x, y);
      });
  };
  sums_of(l, dout, columns, rows, out);
}

template <bool Relu, int N>
BPNET_INLINE void inputs_of_strip(const Lines& l, const LinesBack& back, const Real* in, const Real* dout,
                                  int columns, int c, int first, int count, Real* din) {
  const int left = columns - c - (N - 1) * width;
  Line line[N];
  Wide even[N], along[N];
#pragma GCC unroll 4
  for (int i = 0; i < N; ++i) {
    load_line(l, c + i * width, line[i]);
    load(back.even + c + i * width, even[i]);
    load(back.along + c + i * width, along[i]);
  }
  for (std::ptrdiff_t r = first; r < first + count; ++r)
#pragma GCC unroll 4
    for (int i = 0; i < N; ++i) {
      const std::ptrdiff_t at = r * columns + c + i * width;
      Wide x, y, gradient;
      load(in + at, x);
      load(dout + at, gradient);
      line_at(line[i], x, y);
      pass_back<Relu>(y, gradient);
      store_some(line[i].factor * gradient + (even[i] + along[i] * (x - line[i].mean)),
                 i + 1 < N ? width : left, din + at);
    }
}
template <bool Relu>
BPNET_INLINE void inputs_of(const Lines& l, const LinesBack& back, const Real* in, const Real* dout,
                            int columns, int first, int count, Real* din) {
  in_strips(columns, [&](auto n, int c) {
    inputs_of_strip<Relu, n>(l, back, in, dout, columns, c, first, count, din);
  });
}
void input_gradient(const Lines& l, const LinesBack& back, const Real* in, const Real* dout, int columns,
                    int first, int count, Real* din) {
  with_relu(l, [&](auto relu) { inputs_of<relu>(l, back, in, dout, columns, first, count, din); });
}

/// The greatest y of a window, and the first x it comes from.
BPNET_INLINE void greatest_of(const Line& line, const PoolTiles& t, const Real* pixel, int columns, Wide& x,
                              Wide& y) {
  load(pixel, x);
  line_at(line, x, y);
  for (int k = 0; k < t.high; ++k, pixel += std::ptrdiff_t{t.across} * t.wide * columns)
    for (int j = k == 0 ? 1 : 0; j < t.wide; ++j) {
      Wide other, value;
      load(pixel + std::ptrdiff_t{j} * columns, other);
      line_at(line, other, value);
      const auto more = value > y;
      y = more ? value : y;
      x = more ? other : x;
    }
}
/// Calls f(first pixel of the window, the window, column) for rows of windows; pixel and window are places of
/// that column. Columns inside, so that memory is gone through as it lies.
template <class F>
BPNET_INLINE void each_window(const PoolTiles& t, int columns, int first, int count, F f) {
  for (std::ptrdiff_t r = first; r < first + count; ++r)
    for (int p = 0; p < t.across; ++p) {
      const std::ptrdiff_t pixel = (r * t.high * t.across + p) * t.wide * columns;
      for (int c = 0; c < columns; c += width) f(pixel + c, (r * t.across + p) * columns + c, c);
    }
}

template <bool Relu>
BPNET_INLINE void pooled_of(const Lines& l, const PoolTiles& t, const Real* in, int columns, int first,
                            int count, Real* out) {
  each_window(t, columns, first, count, [&](std::ptrdiff_t pixel, std::ptrdiff_t window, int c) {
    Line line;
    Wide x, y;
    load_line(l, c, line);
    greatest_of(line, t, in + pixel, columns, x, y);
    if constexpr (Relu) y = y > 0 ? y : Wide{};
    store_some(y, columns - c, out + window);
  });
}
/// Rows `first` .. first + count - 1 of windows: the greatest of each.
void pooled(const Lines& l, const PoolTiles& t, const Real* in, int columns, int first, int count,
            Real* out) {
  with_relu(l, [&](auto relu) { pooled_of<relu>(l, t, in, columns, first, count, out); });
}

/// gradient_sums where dout is of the windows: a window's gradient goes to the first of its greatest.
void pooled_gradient_sums(const Lines& l, const PoolTiles& t, const Real* in, const Real* dout, int columns,
                          int first, int count, Real* out) {
  const auto windows = [&](auto f) {
    for (std::ptrdiff_t r = first; r < first + count; ++r)
      for (int p = 0; p < t.across; ++p) {
        const std::ptrdiff_t pixel = (r * t.high * t.across + p) * t.wide;
        f(r * t.across + p, [&](const Line& line, int column, Wide& x, Wide& y) {
          greatest_of(line, t, in + pixel * columns + column, columns, x, y);
        });
      }
  };
  sums_of(l, dout, columns, windows, out);
}

template <bool Relu>
BPNET_INLINE void pooled_inputs_of(const Lines& l, const LinesBack& back, const PoolTiles& t, const Real* in,
                                   const Real* dout, int columns, int first, int count, Real* din) {
  const std::ptrdiff_t below = std::ptrdiff_t{t.across} * t.wide * columns;
  each_window(t, columns, first, count, [&](std::ptrdiff_t pixel, std::ptrdiff_t window, int c) {
    Line line;
    Wide even, along, x, greatest, y, gradient;
    load_line(l, c, line);
    load(back.even + c, even);
    load(back.along + c, along);
    greatest_of(line, t, in + pixel, columns, greatest, y);
    load(dout + window, gradient);
    pass_back<Relu>(y, gradient);
    gradient *= line.factor;
    for (int k = 0; k < t.high; ++k, pixel += below)
      for (int j = 0; j < t.wide; ++j) {
        const std::ptrdiff_t at = pixel + std::ptrdiff_t{j} * columns;
        load(in + at, x);
        const auto hit = x == greatest;
        const Wide share = hit ? gradient : Wide{};
        gradient = hit ? Wide{} : gradient;
        store_some(share + (even + along * (x - line.mean)), columns - c, din + at);
      }
  });
}
void pooled_input_gradient(const Lines& l, const LinesBack& back, const PoolTiles& t, const Real* in,
                           const Real* dout, int columns, int first, int count, Real* din) {
  with_relu(l, [&](auto relu) { pooled_inputs_of<relu>(l, back, t, in, dout, columns, first, count, din); });
}

}  // namespace batch_norm_kernels

}  // namespace

}  // namespace bpnet::math
