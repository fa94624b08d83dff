#pragma once
// Statistics and scaling of the columns of a table, row by row, as the table may be larger than the caches.
// A NaN in a table is a missing number.

#include <cstdint>
#include <span>
#include <vector>

namespace bpnet::math {

/// Of the numbers of a column: how many there are, their mean and the sum of squared distances from it.
struct ColumnSums {
  std::int64_t count = 0;
  double mean = 0, squares = 0;
};

/// Of each of the `width` columns of table (any, width) over the named rows. Exact but for the rounding of
/// doubles, whatever the mean; the same for any number of threads.
std::vector<ColumnSums> column_sums(const float* table, int width, std::span<const std::int64_t> rows);

/// What scale_columns does to a column: x becomes (x - shift) * factor, a missing one `fill`.
struct ColumnScale {
  double shift = 0, factor = 1, fill = 0;
};
void scale_columns(float* table, std::int64_t rows, int width, std::span<const ColumnScale> scales);

}  // namespace bpnet::math
