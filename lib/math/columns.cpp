#include "math/columns.hpp"

#include <algorithm>
#include <cstring>

#include "math/map.hpp"
#include "math/threads.hpp"

namespace bpnet::math {

namespace {

constexpr std::int64_t tile_rows = 4096;
constexpr double work_of_an_element = 4;

constexpr int lanes = 4;
constexpr int round_up(int columns) { return (columns + lanes - 1) / lanes * lanes; }
using Numbers [[gnu::vector_size(lanes * sizeof(double))]] = double;
using Flags [[gnu::vector_size(lanes * sizeof(double))]] = std::int64_t;
using Floats [[gnu::vector_size(lanes * sizeof(float)), gnu::aligned(alignof(float)), gnu::may_alias]] =
    float;

/// Counts, sums and sums of squares of a tile's columns; each number's distance from the column's base is
/// taken, so that squares stay exact.
struct TileSums {
  double *counts, *sums, *squares;  // (columns, rounded up to lanes)
};

BPNET_CLONES void sum_tile(const float* table, int width, const std::int64_t* rows, std::int64_t count,
                           const double* base, TileSums out) {
  constexpr int line = 16;                       // numbers of a line of the cache
  constexpr std::int64_t some = 32, ahead = 16;  // rows
  // The rows are read in their order and summed from the first cache, where a few columns stay in registers.
  const int stride = round_up(width);
  std::vector<float> copied(static_cast<std::size_t>(some) * static_cast<std::size_t>(stride));
  float* const near = copied.data();
  for (std::int64_t first = 0; first < count; first += some) {
    const std::int64_t* const r = rows + first;
    const std::int64_t n = std::min(some, count - first);
    for (std::int64_t i = 0; i < n; ++i) {
      if (first + i + ahead < count)
        for (int c = 0; c < width; c += line) __builtin_prefetch(table + rows[first + i + ahead] * width + c);
      const float* const from = table + r[i] * width;
      for (int c = 0; c < width; ++c) near[i * stride + c] = from[c];
    }
    for (int c = 0; c < stride; c += lanes) {
      Flags there = {};
      Numbers bases, sums, squares;
      std::memcpy(&bases, base + c, sizeof bases);
      std::memcpy(&sums, out.sums + c, sizeof sums);
      std::memcpy(&squares, out.squares + c, sizeof squares);
      for (std::int64_t i = 0; i < n; ++i) {
        const auto x =
            __builtin_convertvector(*reinterpret_cast<const Floats*>(near + i * stride + c), Numbers);
        const Flags known = x == x;
        const auto d = reinterpret_cast<Numbers>(reinterpret_cast<Flags>(x - bases) & known);
        there -= known;
        sums += d;
        squares += d * d;
      }
      std::memcpy(out.sums + c, &sums, sizeof sums);
      std::memcpy(out.squares + c, &squares, sizeof squares);
      for (int k = 0; k < lanes; ++k) out.counts[c + k] += static_cast<double>(there[k]);
    }
  }
}

BPNET_CLONES void scale_tile(float* table, std::int64_t rows, int width, const double* shifts,
                             const double* factors, const double* fills) {
  for (std::int64_t r = 0; r < rows; ++r) {
    float* x = table + r * width;
    for (int c = 0; c < width; ++c) {
      const double scaled = (static_cast<double>(x[c]) - shifts[c]) * factors[c];
      x[c] = static_cast<float>(x[c] == x[c] ? scaled : fills[c]);
    }
  }
}

std::int64_t tiles_of(std::int64_t rows) { return (rows + tile_rows - 1) / tile_rows; }

/// Of two disjoint sets of numbers together (Chan, Golub, LeVeque 1979).
void merge(ColumnSums& into, const ColumnSums& other) {
  if (other.count == 0) return;
  const double a = static_cast<double>(into.count), b = static_cast<double>(other.count);
  const double distance = other.mean - into.mean;
  into.mean += distance * b / (a + b);
  into.squares += other.squares + distance * distance * a * b / (a + b);
  into.count += other.count;
}

}  // namespace

std::vector<ColumnSums> column_sums(const float* table, int width, std::span<const std::int64_t> rows) {
  const auto columns = static_cast<std::size_t>(round_up(width));
  std::vector<ColumnSums> out(static_cast<std::size_t>(width));
  if (rows.empty() || width == 0) return out;
  const auto count = static_cast<std::int64_t>(rows.size());
  std::vector<double> base(columns);  // a number of each column; of its first rows if they have one
  for (std::size_t c = 0; c < out.size(); ++c) {
    const std::size_t looked_at = std::min<std::size_t>(rows.size(), 16);
    for (std::size_t r = looked_at; r-- > 0;) {
      const float x = table[rows[r] * width + static_cast<std::int64_t>(c)];
      if (x == x) base[c] = static_cast<double>(x);
    }
  }
  const std::int64_t tiles = tiles_of(count);
  std::vector<double> parts(static_cast<std::size_t>(tiles) * 3 * columns);
  parallel(tiles, work_of_an_element * static_cast<double>(count) * width, [&](std::ptrdiff_t i) {
    double* part = parts.data() + static_cast<std::size_t>(i) * 3 * columns;
    const std::int64_t first = i * tile_rows;
    sum_tile(table, width, rows.data() + first, std::min(tile_rows, count - first), base.data(),
             {part, part + columns, part + 2 * columns});
  });
  for (std::int64_t i = 0; i < tiles; ++i)
    for (std::size_t c = 0; c < out.size(); ++c) {
      const double* part = parts.data() + static_cast<std::size_t>(i) * 3 * columns + c;
      const double n = part[0], sum = part[columns];
      if (n == 0) continue;
      merge(out[c], {static_cast<std::int64_t>(n), base[c] + sum / n,
                     std::max(0.0, part[2 * columns] - sum * sum / n)});
    }
  return out;
}

void scale_columns(float* table, std::int64_t rows, int width, std::span<const ColumnScale> scales) {
  if (rows == 0 || width == 0) return;
  std::vector<double> shifts, factors, fills;
  for (const ColumnScale& scale : scales) {
    shifts.push_back(scale.shift);
    factors.push_back(scale.factor);
    fills.push_back(scale.fill);
  }
  parallel(tiles_of(rows), work_of_an_element * static_cast<double>(rows) * width, [&](std::ptrdiff_t i) {
    const std::int64_t first = i * tile_rows;
    scale_tile(table + first * width, std::min(tile_rows, rows - first), width, shifts.data(), factors.data(),
               fills.data());
  });
}

}  // namespace bpnet::math
