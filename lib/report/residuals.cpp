#include "report/residuals.hpp"

#include <algorithm>
#include <cmath>

namespace bpnet {

std::vector<ResidualGroup> residual_groups(std::span<Answered> rows) {
  constexpr std::size_t groups = 10, least_rows = 20;
  if (rows.size() < least_rows) return {};
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Answered& a, const Answered& b) { return a.answer < b.answer; });
  std::vector<ResidualGroup> out;
  for (std::size_t g = 0; g < groups; ++g) {
    const std::size_t begin = g * rows.size() / groups, end = (g + 1) * rows.size() / groups;
    ResidualGroup group{0, rows[begin].answer, rows[end - 1].answer, 0, 0, 0, 0};
    const auto some = rows.subspan(begin, end - begin);
    for (const Answered& row : some) group.rows += row.weight;
    for (const Answered& row : some) {
      const double share = group.rows > 0 ? row.weight / group.rows : 0;
      group.answer += row.answer * share;
      group.truth += row.truth * share;
      group.mean += (row.truth - row.answer) * share;
      group.mean_size += std::abs(row.truth - row.answer) * share;
    }
    out.push_back(group);
  }
  return out;
}

}  // namespace bpnet
