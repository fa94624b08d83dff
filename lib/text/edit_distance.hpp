#pragma once
// Edits between sequences.

#include <cstdint>
#include <span>
#include <string_view>

namespace bpnet {

/// Fewest insertions, deletions and replacements that make one of the other (Levenshtein 1966).
std::int64_t edit_distance(std::span<const std::int32_t> a, std::span<const std::int32_t> b);

/// Edits for each item of the references: of words the word error rate, of phonemes the phoneme error rate.
/// May exceed 1.
struct ErrorRate {
  std::int64_t edits = 0, length = 0;
  void add(std::span<const std::int32_t> hypothesis, std::span<const std::int32_t> reference);
  /// Of words between spaces; or of symbols between separators.
  void add(std::string_view hypothesis, std::string_view reference, std::string_view separator = "");
  double value() const;  // NaN where all references are empty
};

}  // namespace bpnet
