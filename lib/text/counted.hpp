#pragma once
// Choosing a vocabulary from what was counted.

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace bpnet {

/// Of what was seen at least `min_count` times the `most` most frequent; of the equally frequent the
/// smaller. Sorted by count, the highest first.
template <class T>
std::vector<T> most_frequent(std::vector<std::pair<T, std::int64_t>> counted, std::int64_t min_count,
                             std::size_t most) {
  std::erase_if(counted, [&](const auto& c) { return c.second < min_count; });
  std::sort(counted.begin(), counted.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  counted.resize(std::min(counted.size(), most));
  std::vector<T> out;
  out.reserve(counted.size());
  for (auto& [what, count] : counted) out.push_back(std::move(what));
  return out;
}

}  // namespace bpnet
