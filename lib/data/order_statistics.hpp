#pragma once
// What the order of a column's numbers tells.

#include <cstdint>
#include <span>
#include <vector>

#include "data/float_table.hpp"

namespace bpnet {

/// Puts the numbers of one column of a table in these rows into `out`, ascending; missing ones are left out.
void sort_numbers(const FloatTable& table, int column, std::span<const std::int64_t> rows,
                  std::vector<double>& out);

/// The number that part / of of them are below, between two by a straight line: numpy's "linear". `sorted` is
/// not empty, part 0 to `of`.
double quantile_of(std::span<const double> sorted, std::size_t part, std::size_t of);

/// The number that is there most often, the least of several. `sorted` is not empty.
double mode_of(std::span<const double> sorted);

}  // namespace bpnet
