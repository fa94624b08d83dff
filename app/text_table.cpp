#include "text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <numeric>

namespace bpnet::app {

namespace {

struct Letter {
  char32_t code = 0;
  std::size_t bytes = 1;
  bool good = false;  // UTF-8
};

/// The first letter of a text that is not empty.
Letter letter_of(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1, true};
  const std::size_t bytes = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < bytes) return {};
  char32_t code = first & (0xFFu >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3Fu);
  }
  constexpr std::array<char32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};
  if (code < least[bytes] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return {};
  return {code, bytes, true};
}

struct Block {
  char32_t first, last;
};

template <std::size_t N>
bool in(const std::array<Block, N>& blocks, char32_t code) {
  return std::any_of(blocks.begin(), blocks.end(),
                     [&](const Block& b) { return b.first <= code && code <= b.last; });
}

// Unicode's general categories Mn and Me of the living scripts, and letters without a width.
constexpr std::array<Block, 24> without_width = {
    {{0x300, 0x36F},   {0x483, 0x489},   {0x591, 0x5BD},   {0x5BF, 0x5C7},   {0x610, 0x61A},
     {0x64B, 0x65F},   {0x670, 0x670},   {0x6D6, 0x6DC},   {0x6DF, 0x6E4},   {0x6E7, 0x6E8},
     {0x6EA, 0x6ED},   {0x901, 0x902},   {0x93C, 0x93C},   {0x941, 0x948},   {0x94D, 0x94D},
     {0xE31, 0xE31},   {0xE34, 0xE3A},   {0xE47, 0xE4E},   {0x200B, 0x200D}, {0x20D0, 0x20F0},
     {0x302A, 0x302D}, {0x3099, 0x309A}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}}};
// East Asian Width W and F (UAX 11).
constexpr std::array<Block, 13> wide = {{{0x1100, 0x115F},
                                         {0x2E80, 0x303E},
                                         {0x3041, 0x33FF},
                                         {0x3400, 0x4DBF},
                                         {0x4E00, 0xA4CF},
                                         {0xA960, 0xA97F},
                                         {0xAC00, 0xD7A3},
                                         {0xF900, 0xFAFF},
                                         {0xFE30, 0xFE6F},
                                         {0xFF00, 0xFF60},
                                         {0xFFE0, 0xFFE6},
                                         {0x1F300, 0x1FAFF},
                                         {0x20000, 0x3FFFD}}};
constexpr std::array<Block, 7> unsafe = {{{0, 0x1F},
                                          {0x7F, 0x9F},
                                          {0x200E, 0x200F},
                                          {0x2028, 0x202E},
                                          {0x2066, 0x2069},
                                          {0xFEFF, 0xFEFF},
                                          {0xFFF9, 0xFFFB}}};

std::size_t width_of(char32_t code) {
  if (in(without_width, code)) return 0;
  return in(wide, code) ? 2 : 1;
}

std::string escaped(const Letter& letter, std::string_view bytes) {
  if (!letter.good) return fmt::format("\\x{:02x}", static_cast<unsigned char>(bytes[0]));
  if (letter.code == '\n') return "\\n";
  if (letter.code == '\r') return "\\r";
  if (letter.code == '\t') return "\\t";
  if (!in(unsafe, letter.code)) return std::string(bytes);
  const auto code = static_cast<std::uint32_t>(letter.code);
  return letter.code < 0x80 ? fmt::format("\\x{:02x}", code) : fmt::format("\\u{:04x}", code);
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t out = 0;
  while (!text.empty()) {
    const Letter letter = letter_of(text);
    out += letter.good ? width_of(letter.code) : 1;
    text.remove_prefix(letter.bytes);
  }
  return out;
}

std::string shown(std::string_view text, std::size_t widest) {
  constexpr std::string_view dots = "...";
  std::string out;
  std::size_t width = 0, fits = 0;  // fits: bytes of `out` that leave room for the dots
  while (!text.empty()) {
    const Letter letter = letter_of(text);
    const std::string part = escaped(letter, text.substr(0, letter.bytes));
    width += display_width(part);
    if (width > widest) return out.substr(0, fits).append(dots);
    out += part;
    if (width + dots.size() <= widest) fits = out.size();
    text.remove_prefix(letter.bytes);
  }
  return out;
}

std::string shown_in_part(std::string_view text, std::size_t widest) {
  constexpr std::string_view dots = "...";
  std::vector<std::string> parts;
  while (!text.empty()) {
    const Letter letter = letter_of(text);
    parts.push_back(escaped(letter, text.substr(0, letter.bytes)));
    text.remove_prefix(letter.bytes);
  }
  std::size_t all = 0;
  for (const std::string& part : parts) all += display_width(part);
  std::string before, behind;
  std::size_t first = 0, last = parts.size();
  const std::size_t room = all <= widest ? all : (widest - dots.size()) / 2;
  for (std::size_t width = 0; first < last && (width += display_width(parts[first])) <= room; ++first)
    before += parts[first];
  if (first == last) return before;
  for (std::size_t width = 0; last > first && (width += display_width(parts[last - 1])) <= room; --last)
    behind = parts[last - 1] + behind;
  return before.append(dots).append(behind);
}

std::string shown_path(const std::string& path) {
  const std::string near =
      std::filesystem::path(path).lexically_proximate(std::filesystem::current_path()).string();
  return shown(near.starts_with("..") ? path : near, 200);
}

std::vector<std::size_t> TextTable::widths() const {
  std::vector<std::size_t> out(align_.size());
  for (const auto& row : rows_)
    for (std::size_t c = 0; c < row.size(); ++c) out[c] = std::max(out[c], display_width(row[c]));
  return out;
}

std::size_t TextTable::width() const {
  const auto all = widths();
  return std::accumulate(all.begin(), all.end(), 2 * (all.size() - 1));
}

std::string TextTable::text() const {
  const auto wide_columns = widths();
  std::string out;
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string blanks(wide_columns[c] - display_width(row[c]), ' ');
      if (c > 0) line += "  ";
      line += align_[c] == Align::left ? row[c] + blanks : blanks + row[c];
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

}  // namespace bpnet::app
