#pragma once
// BLEU of a corpus (Papineni et al. 2002) as sacrebleu computes it by default: 13a tokenisation, n-grams of 1
// to 4 words, exponential smoothing (Post 2018). Of several references, an n-gram counts as often as one of
// them has it, and the length is of the one that is about as long.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace bpnet {

/// Marks parted from words the way mteval-v13a does, one blank between two tokens.
std::string tokenise_13a(std::string_view text);

struct Bleu {
  static constexpr std::size_t orders = 4;
  std::array<std::int64_t, orders> correct{}, total{};  // n-grams of the hypotheses
  std::int64_t hypothesis_length = 0, reference_length = 0;
  void add(std::string_view hypothesis, std::span<const std::string> references);  // one or more
  void merge(const Bleu& other);
  double value() const;  // 0 to 100
};

}  // namespace bpnet
