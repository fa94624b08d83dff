#include "initialisers/fills.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "math/threads.hpp"

namespace bpnet {

namespace {

constexpr std::size_t tile = 4096;      // a multiple of the four elements of a block
constexpr double work_per_element = 8;  // next to a multiply-add

// values[4b .. 4b + 3] = four(words of block b).
template <class Four>
void fill_blocks(std::span<Real> values, Draw draw, Four four) {
  const std::size_t tiles = (values.size() + tile - 1) / tile;
  math::parallel(static_cast<std::ptrdiff_t>(tiles), work_per_element * static_cast<double>(values.size()),
                 [&](std::ptrdiff_t t) {
                   const std::size_t begin = static_cast<std::size_t>(t) * tile;
                   const std::size_t end = std::min(begin + tile, values.size());
                   for (std::size_t i = begin; i < end; i += 4) {
                     const std::array<double, 4> made = four(draw.block(0, i / 4));
                     for (std::size_t k = 0; k < std::min<std::size_t>(4, end - i); ++k)
                       values[i + k] = static_cast<Real>(made[k]);
                   }
                 });
}

double open_unit(std::uint32_t word) { return (static_cast<double>(word) + 0.5) * 0x1p-32; }

}  // namespace

void fill_normal(std::span<Real> values, double deviation, Draw draw) {
  fill_blocks(values, draw, [deviation](const std::array<std::uint32_t, 4>& words) {
    std::array<double, 4> made{};
    for (std::size_t k = 0; k < 4; k += 2) {  // Box and Muller 1958
      const double radius = deviation * std::sqrt(-2 * std::log(open_unit(words[k])));
      const double angle = 2 * std::numbers::pi * open_unit(words[k + 1]);
      made[k] = radius * std::cos(angle);
      made[k + 1] = radius * std::sin(angle);
    }
    return made;
  });
}

void fill_uniform(std::span<Real> values, double limit, Draw draw) {
  fill_blocks(values, draw, [limit](const std::array<std::uint32_t, 4>& words) {
    std::array<double, 4> made{};
    for (std::size_t k = 0; k < 4; ++k) made[k] = (2 * open_unit(words[k]) - 1) * limit;
    return made;
  });
}

void fill_uniform_of_deviation(std::span<Real> values, double deviation, Draw draw) {
  fill_uniform(values, std::sqrt(3.0) * deviation, draw);
}

double lecun_deviation(int fan_in) { return std::sqrt(1.0 / fan_in); }
double he_deviation(int fan_in) { return std::sqrt(2.0 / fan_in); }
double glorot_deviation(int fan_in, int fan_out) { return std::sqrt(2.0 / (fan_in + fan_out)); }

}  // namespace bpnet
