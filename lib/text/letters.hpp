#pragma once
// What code points are, as far as tokenizers ask. ASCII is exact; of the others, spaces and the blocks of
// punctuation, symbols and emoji are known, and everything else is a letter.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bpnet {

bool is_space(std::uint32_t letter);  // as Python's str.isspace
bool is_digit(std::uint32_t letter);  // of ASCII
/// Neither space nor digit nor letter: punctuation, symbols, emoji, control characters, U+FFFD. '_' is one.
bool is_mark(std::uint32_t letter);

/// The parts of a text between spaces.
std::vector<std::string_view> split_at_spaces(std::string_view text);

/// In Latin, Greek, Cyrillic and Armenian (Unicode's simple case mapping); others stay as they are.
std::uint32_t lower_case(std::uint32_t letter);
/// A whole text; bytes that are no UTF-8 stay.
std::string lower_case(std::string_view text);

}  // namespace bpnet
