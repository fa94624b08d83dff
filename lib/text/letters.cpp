#include "text/letters.hpp"

#include <algorithm>
#include <iterator>

#include "text/utf8.hpp"

namespace bpnet {

namespace {

struct Block {
  std::uint32_t first, last;
};
constexpr Block marks[] = {
    {0x80, 0x84},     {0x86, 0x9F},     {0xA1, 0xA9},     {0xAB, 0xB4},     {0xB6, 0xB9},
    {0xBB, 0xBF},     {0xD7, 0xD7},     {0xF7, 0xF7},     {0x200B, 0x2027}, {0x202A, 0x202E},
    {0x2030, 0x205E}, {0x2060, 0x206F}, {0x20A0, 0x20CF}, {0x2190, 0x2BFF}, {0x2E00, 0x2E7F},
    {0x3001, 0x3004}, {0x3008, 0x3020}, {0x3030, 0x3030}, {0xFE10, 0xFE6F}, {0xFF01, 0xFF0F},
    {0xFF1A, 0xFF20}, {0xFF3B, 0xFF40}, {0xFF5B, 0xFF65}, {0xFFF9, 0xFFFF}, {0x1F000, 0x1FAFF}};

bool in(std::uint32_t letter, std::uint32_t first, std::uint32_t last) {
  return letter >= first && letter <= last;
}

}  // namespace

bool is_space(std::uint32_t letter) {
  if (letter < 0x80) return letter == ' ' || in(letter, '\t', '\r') || in(letter, 0x1C, 0x1F);
  return letter == 0x85 || letter == 0xA0 || letter == 0x1680 || in(letter, 0x2000, 0x200A) ||
         letter == 0x2028 || letter == 0x2029 || letter == 0x202F || letter == 0x205F || letter == 0x3000;
}

bool is_digit(std::uint32_t letter) { return in(letter, '0', '9'); }

bool is_mark(std::uint32_t letter) {
  if (letter < 0x80)
    return !is_space(letter) && !is_digit(letter) && !in(letter, 'a', 'z') && !in(letter, 'A', 'Z');
  const auto block = std::upper_bound(std::begin(marks), std::end(marks), letter,
                                      [](std::uint32_t x, const Block& b) { return x < b.first; });
  return block != std::begin(marks) && letter <= std::prev(block)->last;
}

std::vector<std::string_view> split_at_spaces(std::string_view text) {
  std::vector<std::string_view> out;
  std::size_t word = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t here = at;
    if (!is_space(read_utf8(text, at))) continue;
    if (here > word) out.push_back(text.substr(word, here - word));
    word = at;
  }
  if (word < text.size()) out.push_back(text.substr(word));
  return out;
}

std::uint32_t lower_case(std::uint32_t letter) {
  if (letter < 0x80) return in(letter, 'A', 'Z') ? letter + 32 : letter;
  if (letter < 0x100) return in(letter, 0xC0, 0xDE) && letter != 0xD7 ? letter + 32 : letter;
  const auto even_to_odd = [&] { return letter | 1u; };  // capitals are even, their small letters follow
  const auto odd_to_even = [&] { return letter + (letter & 1u); };
  if (letter < 0x180) {
    if (letter == 0x130) return 'i';
    if (letter == 0x178) return 0xFF;
    if (letter == 0x138 || letter == 0x149 || letter == 0x17F) return letter;
    return in(letter, 0x139, 0x148) || letter >= 0x179 ? odd_to_even() : even_to_odd();
  }
  if (letter == 0x386) return 0x3AC;
  if (in(letter, 0x388, 0x38A)) return letter + 37;
  if (letter == 0x38C) return 0x3CC;
  if (letter == 0x38E || letter == 0x38F) return letter + 63;
  if (in(letter, 0x391, 0x3AB) && letter != 0x3A2) return letter + 32;
  if (in(letter, 0x400, 0x40F)) return letter + 80;
  if (in(letter, 0x410, 0x42F)) return letter + 32;
  if (in(letter, 0x460, 0x481) || in(letter, 0x48A, 0x4BF) || in(letter, 0x4D0, 0x52F)) return even_to_odd();
  if (letter == 0x4C0) return 0x4CF;
  if (in(letter, 0x4C1, 0x4CE)) return odd_to_even();
  if (in(letter, 0x531, 0x556)) return letter + 48;
  if (letter == 0x1E9E) return 0xDF;
  if (in(letter, 0x1E00, 0x1E95) || in(letter, 0x1EA0, 0x1EFF)) return even_to_odd();
  return letter;
}

std::string lower_case(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x80) {
      out += static_cast<char>(lower_case(std::uint32_t{byte}));
      ++at;
      continue;
    }
    const std::size_t begin = at;
    const std::uint32_t letter = read_utf8(text, at), lower = lower_case(letter);
    if (lower == letter) {
      out.append(text, begin, at - begin);
      continue;
    }
    char bytes[4];
    out.append(bytes, write_utf8(lower, bytes));
  }
  return out;
}

}  // namespace bpnet
