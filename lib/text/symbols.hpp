#pragma once
// Texts that are lists: symbols, or numbers, with a separator between them.

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

#include "text/tokenizer.hpp"

namespace bpnet {

/// Calls take(part) for each part of a text between separators, less the blanks around it, until it says
/// false. If the separator is blanks, they are one however many there are.
template <class Take>
void split_parts(std::string_view text, std::string_view separator, const Take& take) {
  constexpr const char* blanks = " \t\r\n";
  const bool blank = separator.find_first_not_of(blanks) == std::string_view::npos;
  const auto trimmed = [&](std::string_view part) {
    const std::size_t first = part.find_first_not_of(blanks);
    if (first == std::string_view::npos) return std::string_view();
    return part.substr(first, part.find_last_not_of(blanks) - first + 1);
  };
  if (trimmed(text).empty()) return;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(separator, at), text.size());
    const std::string_view part = trimmed(text.substr(at, end - at));
    at = end + separator.size();
    if ((!part.empty() || !blank) && !take(part)) return;
  }
}

/// The text as the tokenizer puts such texts together: where tokens have a joint, more blanks than that
/// cannot be told; its first `most` parts.
std::string with_one_joint(const Tokenizer& tokenizer, std::string text, std::size_t most = Tokenizer::all);

/// Learns the symbols there are.
std::shared_ptr<TokenizerType> symbols_between(std::string separator);

}  // namespace bpnet
