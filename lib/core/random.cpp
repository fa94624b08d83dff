#include "core/random.hpp"

#include <cmath>
#include <numbers>

namespace bpnet {

double Draw::normal(std::uint64_t sample, std::uint64_t element) const {
  return normals(sample, element & ~std::uint64_t{1})[element & 1];
}

std::array<double, 2> Draw::normals(std::uint64_t sample, std::uint64_t even) const {
  const double radius = std::sqrt(-2.0 * std::log(uniform_open(sample, even)));
  const double angle = 2.0 * std::numbers::pi * uniform_open(sample, even + 1);
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

std::uint64_t Draw::index(std::uint64_t sample, std::uint64_t element, std::uint64_t below) const {
  const auto words = block(sample, element);
  const std::uint64_t wide = (std::uint64_t{words[0]} << 32) | words[1];
  return static_cast<std::uint64_t>((static_cast<unsigned __int128>(wide) * below) >> 64);
}

}  // namespace bpnet
