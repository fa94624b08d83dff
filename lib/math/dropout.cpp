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

/// Piece elements from `begin` on, of which `size` are wanted: random words first, a loop of its own that
/// becomes vector code.
template <std::size_t Piece>
inline void dropout_piece(const Real* in, std::uint64_t sample, std::size_t begin, std::size_t size,
                          const DropoutRule& rule, Real* out) {
  std::uint32_t words[Piece];
  for (std::size_t b = 0; b < Piece / 4; ++b) {
    const std::array<std::uint32_t, 4> four = rule.draw.block(sample, begin / 4 + b);
    for (std::size_t j = 0; j < 4; ++j) words[4 * b + j] = four[j];
  }
  for (std::size_t i = 0; i < size; ++i) {
    const Real kept = in[begin + i] * rule.factor;
    out[begin + i] = words[i] < rule.below ? Real{0} : kept;
  }
}

BPNET_CLONES void dropout_row(const Real* in, std::uint64_t sample, std::size_t width,
                              const DropoutRule* given, Real* out) {
  const DropoutRule rule = *given;
  std::size_t i = 0;
  for (; i + 64 <= width; i += 64) dropout_piece<64>(in, sample, i, 64, rule, out);
  for (; i < width; i += 16)
    dropout_piece<16>(in, sample, i, std::min<std::size_t>(16, width - i), rule, out);
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
