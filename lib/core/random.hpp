#pragma once
// Counter-based random numbers: a value is a function of where it is used, never of what was drawn before.
// Philox4x32-10: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.

#include <array>
#include <cstdint>
#include <string_view>

namespace bpnet {

/// Mixes two words into one (the finaliser of SplitMix64: Steele, Lea, Flood 2014).
constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  std::uint64_t z = a + 0x9E3779B97F4A7C15ull * (b + 1);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

/// The stream of a node path and a purpose: FNV-1a of the text, "main.2/dropout".
constexpr std::uint64_t stream_of(std::string_view text) {
  std::uint64_t h = 14695981039346656037ull;
  for (char c : text) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  return h;
}

/// The random numbers of one purpose: key (seed, stream, step, pass), counter (sample, element).
struct Draw {
  std::uint64_t key = 0;

  static constexpr Draw of(std::uint64_t seed, std::uint64_t stream, std::uint64_t step = 0,
                           std::uint64_t pass = 0) {
    return {mix(mix(mix(seed, stream), step), pass)};
  }
  /// A purpose within this one.
  constexpr Draw sub(std::uint64_t purpose) const { return {mix(key, purpose)}; }

  /// Four words for elements 4 * block .. 4 * block + 3 of a sample.
  constexpr std::array<std::uint32_t, 4> block(std::uint64_t sample, std::uint64_t block) const {
    std::array<std::uint32_t, 4> c = {
        static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(block >> 32),
        static_cast<std::uint32_t>(sample), static_cast<std::uint32_t>(sample >> 32)};
    auto k0 = static_cast<std::uint32_t>(key), k1 = static_cast<std::uint32_t>(key >> 32);
    for (int round = 0; round < 10; ++round) {
      const std::uint64_t p0 = std::uint64_t{0xD2511F53u} * c[0], p1 = std::uint64_t{0xCD9E8D57u} * c[2];
      c = {static_cast<std::uint32_t>(p1 >> 32) ^ c[1] ^ k0, static_cast<std::uint32_t>(p1),
           static_cast<std::uint32_t>(p0 >> 32) ^ c[3] ^ k1, static_cast<std::uint32_t>(p0)};
      k0 += 0x9E3779B9u;
      k1 += 0xBB67AE85u;
    }
    return c;
  }
  constexpr std::uint32_t word(std::uint64_t sample, std::uint64_t element) const {
    return block(sample, element / 4)[element % 4];
  }
  /// Uniform in [0, 1), 24 bits.
  constexpr float uniform(std::uint64_t sample, std::uint64_t element) const {
    return static_cast<float>(word(sample, element) >> 8) * 0x1p-24f;
  }
  /// Uniform in (0, 1), 32 bits, for logarithms.
  constexpr double uniform_open(std::uint64_t sample, std::uint64_t element) const {
    return (static_cast<double>(word(sample, element)) + 0.5) * 0x1p-32;
  }
  /// Normal, mean 0 and deviation 1 (Box and Muller 1958); elements 2k and 2k + 1 share a pair of uniforms.
  double normal(std::uint64_t sample, std::uint64_t element) const;
  /// normal() of `even`, which is even, and of the element behind it.
  std::array<double, 2> normals(std::uint64_t sample, std::uint64_t even) const;
  /// Uniform in 0 .. below - 1, without bias worth speaking of (64 bits times below).
  std::uint64_t index(std::uint64_t sample, std::uint64_t element, std::uint64_t below) const;
};

/// A permutation of 0 .. n - 1 by Fisher and Yates, drawn from `draw`.
template <class Int>
void shuffle(Draw draw, Int* items, std::uint64_t n) {
  for (std::uint64_t i = n; i > 1; --i) {
    const std::uint64_t j = draw.index(0, i, i);
    const Int t = items[i - 1];
    items[i - 1] = items[j];
    items[j] = t;
  }
}

}  // namespace bpnet
