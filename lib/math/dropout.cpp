#include <algorithm>
#include <array>

#include "math/elements.hpp"
#include "math/map.hpp"
#include "math/reduce.hpp"
#include "math/threads.hpp"

namespace bpnet::math {

namespace {

struct DropoutRule {
  Draw draw;
  std::uint32_t below;  // random words below it drop their element
  Real factor;          // for those that stay
};

/// One sample, in pieces of 64 elements: random words first, a loop of its own that becomes vector code.
BPNET_CLONES void dropout_row(const Real* in, std::uint64_t sample, std::size_t width,
                              const DropoutRule* rule, Real* out) {
  constexpr std::size_t piece = 64;
  const Draw draw = rule->draw;
  for (std::size_t begin = 0; begin < width; begin += piece) {
    std::uint32_t words[piece];
    for (std::size_t b = 0; b < piece / 4; ++b) {
      const std::array<std::uint32_t, 4> four = draw.block(sample, begin / 4 + b);
      for (std::size_t j = 0; j < 4; ++j) words[4 * b + j] = four[j];
    }
    const std::size_t size = std::min(piece, width - begin);
    for (std::size_t i = 0; i < size; ++i) {
      const Real kept = in[begin + i] * rule->factor;
      out[begin + i] = words[i] < rule->below ? Real{0} : kept;
    }
  }
}

}  // namespace

void dropout(const Real* in, std::span<const std::int64_t> samples, std::size_t width, double rate, Draw draw,
             Real* out) {
  const DropoutRule rule = {draw, static_cast<std::uint32_t>(rate * 0x1p32),
                            static_cast<Real>(1 / (1 - rate))};
  const Stretches stretches(static_cast<int>(samples.size()), 1);
  const double work = 16.0 * static_cast<double>(samples.size()) * static_cast<double>(width);
  parallel(stretches.count, work, [&](std::ptrdiff_t t) {
    const auto first = static_cast<std::size_t>(stretches.begin(t));
    for (std::size_t s = first; s < first + static_cast<std::size_t>(stretches.size(t)); ++s)
      dropout_row(in + s * width, static_cast<std::uint64_t>(samples[s]), width, &rule, out + s * width);
  });
}

}  // namespace bpnet::math
