#include "core/random.hpp"

#include <cmath>
#include <numbers>

namespace bpnet {

double Draw::normal(std::uint64_t sample, std::uint64_t element) const {
  const std::uint64_t pair = element & ~std::uint64_t{1};
  const double radius = std::sqrt(-2.0 * std::log(uniform_open(sample, pair)));
  const double angle = 2.0 * std::numbers::pi * uniform_open(sample, pair + 1);
  return element & 1 ? radius * std::sin(angle) : radius * std::cos(angle);
}

std::uint64_t Draw::index(std::uint64_t sample, std::uint64_t element, std::uint64_t below) const {
  const auto words = block(sample, element);
  const std::uint64_t wide = (std::uint64_t{words[0]} << 32) | words[1];
  return static_cast<std::uint64_t>((static_cast<unsigned __int128>(wide) * below) >> 64);
}

}  // namespace bpnet
