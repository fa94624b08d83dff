#pragma once
// Byte-pair encoding over bytes, the parts: cutting text into words, learning merges, applying them.

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace bpnet {

/// Symbols are numbered: 0 to 255 are the bytes, 256 + k is what merge k makes.
using Merge = std::array<std::int32_t, 2>;
inline constexpr int byte_symbols = 256;

/// A word as GPT-2 cuts them (Radford et al. 2019), from text[at] on: 's 't 're 've 'm 'll 'd; a run of
/// letters, of digits or of marks with at most one blank before it; white space, whose last character goes to
/// what follows. Longer ones are cut after 128 bytes. Words one behind the other are the text. Moves `at`
/// behind it.
std::string_view next_word(std::string_view text, std::size_t& at);

/// The most frequent pair of neighbours becomes a symbol, again and again (Sennrich et al. 2016); of equally
/// frequent pairs the one of smaller symbols. Ends after `most` merges, or when no pair is seen `min_count`
/// times.
std::vector<Merge> learn_merges(std::span<const std::string_view> documents, std::size_t most,
                                std::int64_t min_count);

/// Applies merges to words.
class Merger {
 public:
  explicit Merger(std::span<const Merge> merges);
  /// Replaces a word's symbols, in place: the earliest merge first, its leftmost place first. Returns how
  /// many are left.
  std::size_t apply(std::span<std::int32_t> symbols) const;

 private:
  static constexpr std::int32_t none = 0x7FFFFFFF;
  std::int32_t merged(std::int32_t left, std::int32_t right) const;
  static std::uint64_t key_of(std::int32_t left, std::int32_t right) {
    return static_cast<std::uint64_t>(left) << 32 | static_cast<std::uint32_t>(right);
  }
  std::size_t slot_of(std::uint64_t key) const {
    return static_cast<std::size_t>((key * 0x9E3779B97F4A7C15u) >> shift_);
  }
  struct Slot {
    std::uint64_t key = ~std::uint64_t{0};
    std::int32_t symbol = none;
  };
  std::vector<Slot> slots_;  // open addressing
  int shift_ = 0;
};

}  // namespace bpnet
