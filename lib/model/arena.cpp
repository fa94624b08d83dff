#include "model/arena.hpp"

#include <algorithm>
#include <numeric>

#include "core/memory.hpp"

namespace bpnet {

namespace {
constexpr std::size_t padding = 64;  // vector reads may go this far behind the last element
}

std::size_t place_spots(std::span<Spot> spots) {
  std::vector<std::size_t> order(spots.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return spots[a].bytes > spots[b].bytes; });
  std::vector<std::size_t> placed, rivals;
  std::size_t total = 0;
  for (std::size_t i : order) {
    Spot& spot = spots[i];
    const std::size_t size = round_up(spot.bytes + padding, 64);
    rivals.clear();
    for (std::size_t j : placed)
      if (spots[j].begin <= spot.end && spot.begin <= spots[j].end) rivals.push_back(j);
    std::sort(rivals.begin(), rivals.end(),
              [&](std::size_t a, std::size_t b) { return spots[a].offset < spots[b].offset; });
    std::size_t at = 0;
    for (std::size_t j : rivals) {
      if (at + size <= spots[j].offset) break;
      at = std::max(at, spots[j].offset + round_up(spots[j].bytes + padding, 64));
    }
    spot.offset = at;
    total = std::max(total, at + size);
    placed.push_back(i);
  }
  return total;
}

}  // namespace bpnet
