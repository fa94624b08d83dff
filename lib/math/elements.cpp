#include "math/elements.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "math/map.hpp"
#include "math/reduce.hpp"
#include "math/shards.hpp"
#include "math/threads.hpp"

namespace bpnet::math {

namespace {

/// Calls f(begin, size) for stretches of n elements, on several threads when there are many.
template <class F>
void in_tiles(std::size_t n, F f) {
  const auto tiles = static_cast<std::ptrdiff_t>((n + detail::map_tile - 1) / detail::map_tile);
  parallel(tiles, static_cast<double>(n), [&](std::ptrdiff_t t) {
    const std::size_t begin = static_cast<std::size_t>(t) * detail::map_tile;
    f(begin, std::min(detail::map_tile, n - begin));
  });
}

BPNET_CLONES void add_tile(const Real* a, const Real* b, std::size_t n, Real* out) {
  for (std::size_t i = 0; i < n; ++i) out[i] = a[i] + b[i];
}

BPNET_CLONES void multiply_tile(const Real* a, const Real* b, std::size_t n, Real* out) {
  for (std::size_t i = 0; i < n; ++i) out[i] = a[i] * b[i];
}

BPNET_CLONES void scale_tile(Real factor, std::size_t n, Real* out) {
  for (std::size_t i = 0; i < n; ++i) out[i] *= factor;
}

/// Sums of `lanes` columns, of which the first `wanted` are added to out. Reads behind the last column.
inline void add_column_block(const Real* in, int rows, int cols, int wanted, Real* out) {
  Real sum[lanes] = {};
  for (int r = 0; r < rows; ++r, in += cols)
    for (int j = 0; j < lanes; ++j) sum[j] += in[j];
  for (int j = 0; j < wanted; ++j) out[j] += sum[j];
}

BPNET_CLONES void add_column_sums_tile(const Real* in, int rows, int cols, int from, int to, Real* out) {
  const int step = cols > 256 ? 8 : rows;  // wide rows: a few at a time, read along
  for (int r = 0; r < rows; r += step, in += std::ptrdiff_t{step} * cols)
    for (int c = from; c < to; c += lanes)
      add_column_block(in + c, std::min(step, rows - r), cols, std::min(lanes, to - c), out + c);
}

BPNET_CLONES double sum_of_squares_tile(const Real* in, int n) {
  return sum_of(n, [&](int i) { return static_cast<double>(in[i]) * static_cast<double>(in[i]); });
}

BPNET_CLONES double sum_of_magnitudes_tile(const Real* in, int n) {
  return sum_of(n, [&](int i) { return static_cast<double>(in[i] < 0 ? -in[i] : in[i]); });
}

BPNET_CLONES double dot_tile(const Real* a, const Real* b, int n) {
  return sum_of(n, [&](int i) { return static_cast<double>(a[i]) * static_cast<double>(b[i]); });
}

BPNET_CLONES void scale_channels_tile(const Real* in, const Real* factors, int pixels, int channels,
                                      Real* out) {
  for (std::ptrdiff_t p = 0; p < pixels; ++p)
    for (int c = 0; c < channels; ++c) out[p * channels + c] = in[p * channels + c] * factors[c];
}

BPNET_CLONES void channel_products_tile(const Real* a, const Real* b, int pixels, int channels, Real* out) {
  for (int c = 0; c < channels; ++c) out[c] = 0;
  for (std::ptrdiff_t p = 0; p < pixels; ++p)
    for (int c = 0; c < channels; ++c) out[c] += a[p * channels + c] * b[p * channels + c];
}

/// Sum of part(begin, size) over stretches of 16384 elements, or longer ones where there would be more than
/// fit in `parts`; added up in order.
template <class F>
double sum_of_stretches(std::size_t n, F part) {
  std::array<double, 256> parts;
  const std::size_t length = std::max(detail::map_tile, (n + parts.size() - 1) / parts.size());
  const std::size_t tiles = (n + length - 1) / length;
  parallel(static_cast<std::ptrdiff_t>(tiles), 2.0 * static_cast<double>(n), [&](std::ptrdiff_t t) {
    const std::size_t begin = static_cast<std::size_t>(t) * length;
    parts[static_cast<std::size_t>(t)] = part(begin, static_cast<int>(std::min(length, n - begin)));
  });
  double sum = 0;
  for (std::size_t t = 0; t < tiles; ++t) sum += parts[t];
  return sum;
}

}  // namespace

void fill(Real value, std::size_t n, Real* out) { std::fill_n(out, n, value); }

void copy(const Real* in, std::size_t n, Real* out) {
  in_tiles(n, [=](std::size_t begin, std::size_t size) {
    std::memcpy(out + begin, in + begin, size * sizeof(Real));
  });
}

void add(const Real* a, const Real* b, std::size_t n, Real* out) {
  in_tiles(n,
           [=](std::size_t begin, std::size_t size) { add_tile(a + begin, b + begin, size, out + begin); });
}

void multiply(const Real* a, const Real* b, std::size_t n, Real* out) {
  in_tiles(n, [=](std::size_t begin, std::size_t size) {
    multiply_tile(a + begin, b + begin, size, out + begin);
  });
}

void greatest(const Real* in, std::size_t n, int pieces, Real* out) {
  const auto of = static_cast<std::size_t>(pieces);
  in_tiles(n, [=](std::size_t begin, std::size_t size) {
    for (std::size_t i = begin; i < begin + size; ++i)
      out[i] = *std::max_element(in + i * of, in + (i + 1) * of);
  });
}

void greatest_backward(const Real* in, const Real* dout, std::size_t n, int pieces, Real* din) {
  const auto of = static_cast<std::size_t>(pieces);
  in_tiles(n, [=](std::size_t begin, std::size_t size) {
    for (std::size_t i = begin; i < begin + size; ++i) {
      std::fill_n(din + i * of, of, Real{0});
      din[std::max_element(in + i * of, in + (i + 1) * of) - in] = dout[i];
    }
  });
}

void scale(Real factor, std::size_t n, Real* out) {
  in_tiles(n, [=](std::size_t begin, std::size_t size) { scale_tile(factor, size, out + begin); });
}

void add_column_sums(const Real* in, int rows, int cols, Real* out) {
  constexpr int tile = 32 * lanes, many = 4096, parts = 16;
  if (rows < many) {
    parallel((cols + tile - 1) / tile, static_cast<double>(rows) * cols, [=](std::ptrdiff_t t) {
      const int from = static_cast<int>(t) * tile;
      add_column_sums_tile(in, rows, cols, from, std::min(cols, from + tile), out);
    });
    return;
  }
  for (int from = 0; from < cols; from += tile) {
    const int width = std::min(tile, cols - from);
    Real sums[parts][tile];
    parallel(parts, static_cast<double>(rows) * width, [&](std::ptrdiff_t p) {
      const int begin = part_begin(rows, parts, p), count = part_begin(rows, parts, p + 1) - begin;
      std::fill_n(sums[p], width, Real{0});
      add_column_sums_tile(in + std::ptrdiff_t{begin} * cols, count, cols, from, from + width,
                           sums[p] - from);
    });
    for (const auto& sum : sums)
      for (int c = 0; c < width; ++c) out[from + c] += sum[c];
  }
}

void add_to_rows(const Real* row, int rows, int cols, Real* out) {
  const Stretches stretches(rows, 64);
  parallel(stretches.count, static_cast<double>(rows) * cols, [&](std::ptrdiff_t t) {
    for (int r = stretches.begin(t); r < stretches.begin(t) + stretches.size(t); ++r)
      add_tile(out + std::ptrdiff_t{r} * cols, row, static_cast<std::size_t>(cols),
               out + std::ptrdiff_t{r} * cols);
  });
}

void scale_channels(const Real* in, const Real* factors, int samples, int pixels, int channels, Real* out) {
  const std::ptrdiff_t image = std::ptrdiff_t{pixels} * channels;
  parallel(samples, static_cast<double>(samples) * static_cast<double>(image), [&](std::ptrdiff_t s) {
    scale_channels_tile(in + s * image, factors + s * channels, pixels, channels, out + s * image);
  });
}

void channel_products(const Real* a, const Real* b, int samples, int pixels, int channels, Real* out) {
  const std::ptrdiff_t image = std::ptrdiff_t{pixels} * channels;
  parallel(samples, static_cast<double>(samples) * static_cast<double>(image), [&](std::ptrdiff_t s) {
    channel_products_tile(a + s * image, b + s * image, pixels, channels, out + s * channels);
  });
}

void copy_columns(const Real* in, int rows, int from_width, int from, Real* out, int to_width, int to,
                  int width) {
  const Stretches stretches(rows, 64);
  parallel(stretches.count, static_cast<double>(rows) * width, [&](std::ptrdiff_t t) {
    const std::ptrdiff_t first = stretches.begin(t);
    const Real* source = in + first * from_width + from;
    Real* target = out + first * to_width + to;
    for (int r = 0; r < stretches.size(t); ++r, source += from_width, target += to_width)
      std::copy_n(source, width, target);
  });
}

double sum_of_squares(const Real* in, std::size_t n) {
  return sum_of_stretches(
      n, [in](std::size_t begin, int size) { return sum_of_squares_tile(in + begin, size); });
}

double sum_of_magnitudes(const Real* in, std::size_t n) {
  return sum_of_stretches(
      n, [in](std::size_t begin, int size) { return sum_of_magnitudes_tile(in + begin, size); });
}

double dot(const Real* a, const Real* b, std::size_t n) {
  return sum_of_stretches(
      n, [a, b](std::size_t begin, int size) { return dot_tile(a + begin, b + begin, size); });
}

std::size_t first_not_finite(const Real* in, std::size_t n) {
  const Real* end = in + n;
  return static_cast<std::size_t>(std::find_if(in, end, [](Real x) { return !std::isfinite(x); }) - in);
}

void lookup(const Real* table, const std::int32_t* codes, int rows, int width, Real* out) {
  const Stretches stretches(rows, 16);
  parallel(stretches.count, static_cast<double>(rows) * width, [&](std::ptrdiff_t t) {
    const std::ptrdiff_t begin = stretches.begin(t), end = begin + stretches.size(t);
    for (std::ptrdiff_t r = begin; r < end; ++r) {
      Real* row = out + r * width;
      if (codes[r] < 0)
        std::fill_n(row, width, Real{0});
      else
        std::copy_n(table + std::ptrdiff_t{codes[r]} * width, width, row);
    }
  });
}

void add_to_rows(const Real* in, const std::int32_t* codes, int rows, int width, Real* table) {
  constexpr int tile = 4 * lanes;  // threads share columns: rows with the same code meet in order
  parallel((width + tile - 1) / tile, static_cast<double>(rows) * width, [&](std::ptrdiff_t t) {
    const std::ptrdiff_t from = t * tile, size = std::min<std::ptrdiff_t>(tile, width - from);
    for (std::ptrdiff_t r = 0; r < rows; ++r) {
      if (codes[r] < 0) continue;
      Real* row = table + std::ptrdiff_t{codes[r]} * width + from;
      const Real* add = in + r * width + from;
      for (std::ptrdiff_t j = 0; j < size; ++j) row[j] += add[j];
    }
  });
}

}  // namespace bpnet::math
