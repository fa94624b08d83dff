#pragma once
// A mark for each row of a raw table, a column after the other.

#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "data/float_table.hpp"

namespace bpnet {

/// Marks the rows whose label, or number, is there.
inline void mark_there(std::span<const std::int32_t> codes, std::vector<char>& marks) {
  for (std::size_t r = 0; r < marks.size(); ++r) marks[r] |= codes[r] >= 0;
}
inline void mark_there(std::span<const double> values, std::vector<char>& marks) {
  for (std::size_t r = 0; r < marks.size(); ++r) marks[r] |= !std::isnan(values[r]);
}
/// Marks the rows that miss a number of the table.
inline void mark_missing(const FloatTable& table, int slot, std::vector<char>& marks) {
  for (std::size_t r = 0; r < marks.size(); ++r)
    marks[r] |= std::isnan(table.row(static_cast<std::int64_t>(r))[slot]);
}

}  // namespace bpnet
