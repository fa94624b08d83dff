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
  std::uint32_t below;          // random words below it drop their element
  Real dropped, factor, shift;  // what they become; those that stay: x * factor + shift
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
    const Real kept = in[begin + i] * rule.factor + rule.shift;
    out[begin + i] = words[i] < rule.below ? rule.dropped : kept;
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

/// Calls f(row, sample) for every sample.
template <class F>
void each_sample(std::span<const std::int64_t> samples, std::size_t width, double work, F f) {
  const Stretches stretches(static_cast<int>(samples.size()), 1);
  parallel(stretches.count, work * static_cast<double>(samples.size()) * static_cast<double>(width),
           [&](std::ptrdiff_t t) {
             const auto first = static_cast<std::size_t>(stretches.begin(t));
             for (std::size_t s = first; s < first + static_cast<std::size_t>(stretches.size(t)); ++s)
               f(s * width, static_cast<std::uint64_t>(samples[s]));
           });
}

void add_noise_row(const Real* in, std::uint64_t sample, std::size_t width, double deviation, Draw draw,
                   Real* out) {
  for (std::size_t i = 0; i < width; i += 2) {
    const auto [even, odd] = draw.normals(sample, i);
    out[i] = in[i] + static_cast<Real>(deviation * even);
    if (i + 1 < width) out[i + 1] = in[i + 1] + static_cast<Real>(deviation * odd);
  }
}

constexpr int channels_at_once = 256;

BPNET_CLONES void scale_some_channels(const Real* in, const Real* factors, std::size_t pixels,
                                      std::size_t stride, int count, Real* out) {
  for (std::size_t p = 0; p < pixels; ++p, in += stride, out += stride)
    for (int c = 0; c < count; ++c) out[c] = in[c] * factors[c];
}

}  // namespace

void drop_channels(const Real* in, std::span<const std::int64_t> samples, std::size_t pixels, int channels,
                   double rate, Draw draw, Real* out) {
  const std::size_t image = pixels * static_cast<std::size_t>(channels);
  const Real kept = static_cast<Real>(1 / (1 - rate));
  parallel(static_cast<std::ptrdiff_t>(samples.size()), static_cast<double>(samples.size() * image),
           [&](std::ptrdiff_t i) {
             const std::size_t at = static_cast<std::size_t>(i) * image;
             const auto sample = static_cast<std::uint64_t>(samples[static_cast<std::size_t>(i)]);
             for (int from = 0; from < channels; from += channels_at_once) {
               Real factors[channels_at_once];
               const int count = std::min(channels_at_once, channels - from);
               for (int c = 0; c < count; ++c) {
                 const auto element = static_cast<std::uint64_t>(from + c);
                 factors[c] = static_cast<double>(draw.uniform(sample, element)) < rate ? 0 : kept;
               }
               const std::size_t first = at + static_cast<std::size_t>(from);
               scale_some_channels(in + first, factors, pixels, static_cast<std::size_t>(channels), count,
                                   out + first);
             }
           });
}

void dropout(const Real* in, std::span<const std::int64_t> samples, std::size_t width, double rate, Draw draw,
             const Dropped& dropped, Real* out) {
  const DropoutRule rule = {draw, static_cast<std::uint32_t>(rate * 0x1p32), dropped.value, dropped.factor,
                            dropped.shift};
  each_sample(samples, width, 16, [&](std::size_t at, std::uint64_t sample) {
    dropout_row(in + at, sample, width, &rule, out + at);
  });
}

void add_noise(const Real* in, std::span<const std::int64_t> samples, std::size_t width, double deviation,
               Draw draw, Real* out) {
  each_sample(samples, width, 64, [&](std::size_t at, std::uint64_t sample) {
    add_noise_row(in + at, sample, width, deviation, draw, out + at);
  });
}

}  // namespace bpnet::math
