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

double quantile_of(std::span<const double> sorted, double share) {
  assert(!sorted.empty() && share >= 0 && share <= 1);
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  if (below + 1 >= sorted.size()) return sorted.back();
  return std::lerp(sorted[below], sorted[below + 1], at - static_cast<double>(below));
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
