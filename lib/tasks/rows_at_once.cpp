#include "tasks/rows_at_once.hpp"

#include <algorithm>

namespace bpnet {

std::int64_t rows_at_once(const Network& network, std::int64_t most) {
  constexpr std::size_t memory = std::size_t{16} << 20;
  std::size_t row = 1;
  for (const Node& node : network.graph().nodes()) row += node.told.bytes();
  return std::clamp(static_cast<std::int64_t>(memory / row), std::int64_t{1}, most);
}

}  // namespace bpnet
