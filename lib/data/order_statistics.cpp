#include "data/order_statistics.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace bpnet {

void sort_numbers(const FloatTable& table, int column, std::span<const std::int64_t> rows,
                  std::vector<double>& out) {
  out.clear();
  for (const std::int64_t row : rows)
    if (const float x = table.row(row)[column]; !std::isnan(x)) out.push_back(static_cast<double>(x));
  std::sort(out.begin(), out.end());
}

double quantile_of(std::span<const double> sorted, std::size_t part, std::size_t of) {
  assert(!sorted.empty() && part <= of);
  const std::size_t at = part * (sorted.size() - 1), below = at / of;
  if (below + 1 >= sorted.size()) return sorted.back();
  return std::lerp(sorted[below], sorted[below + 1], static_cast<double>(at % of) / static_cast<double>(of));
}

double mode_of(std::span<const double> sorted) {
  double mode = sorted.front();
  std::size_t most = 0;
  for (std::size_t first = 0; first < sorted.size();) {
    std::size_t end = first + 1;
    while (end < sorted.size() && sorted[end] == sorted[first]) ++end;
    if (end - first > most) {
      most = end - first;
      mode = sorted[first];
    }
    first = end;
  }
  return mode;
}

}  // namespace bpnet
