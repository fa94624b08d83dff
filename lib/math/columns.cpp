#include "math/columns.hpp"

#include <algorithm>

#include "math/map.hpp"
#include "math/threads.hpp"

namespace bpnet::math {

namespace {

constexpr std::int64_t tile_rows = 4096;
constexpr double work_of_an_element = 4;

/// Sums of a tile's rows; each row's distance from the tile's first is taken, so that squares stay exact.
BPNET_CLONES void sum_tile(const float* table, int width, const std::int64_t* rows, std::int64_t count,
                           const double* base, double* __restrict counts, double* __restrict sums,
                           double* __restrict squares) {
  for (std::int64_t r = 0; r < count; ++r) {
    const float* x = table + rows[r] * width;
    for (int c = 0; c < width; ++c) {
      const auto number = static_cast<double>(x[c]);
      const bool there = number == number;
      const double d = there ? number - base[c] : 0.0;
      counts[c] += there ? 1.0 : 0.0;
      sums[c] += d;
      squares[c] += d * d;
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
  const auto columns = static_cast<std::size_t>(width);
  std::vector<ColumnSums> out(columns);
  if (rows.empty() || width == 0) return out;
  const auto count = static_cast<std::int64_t>(rows.size());
  std::vector<double> base(columns);  // a number of each column; of its first rows if they have one
  for (std::size_t c = 0; c < columns; ++c) {
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
    sum_tile(table, width, rows.data() + first, std::min(tile_rows, count - first), base.data(), part,
             part + columns, part + 2 * columns);
  });
  for (std::int64_t i = 0; i < tiles; ++i)
    for (std::size_t c = 0; c < columns; ++c) {
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
