#pragma once
// chrF2 of a corpus (Popovic 2015) as sacrebleu computes it by default: n-grams of 1 to 6 characters without
// spaces, recall counting twice as much as precision. Of several references, the one with the best score
// counts.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace bpnet {

struct Chrf {
  static constexpr std::size_t orders = 6;
  struct Count {
    std::int64_t hypothesis = 0, reference = 0, both = 0;
  };
  std::array<Count, orders> counts{};                                              // of n-grams
  void add(std::string_view hypothesis, std::span<const std::string> references);  // one or more
  void merge(const Chrf& other);
  double value() const;  // 0 to 100
};

}  // namespace bpnet
