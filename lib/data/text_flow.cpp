#include "data/text_flow.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "core/error.hpp"
#include "text/utf8.hpp"

namespace bpnet {

namespace {

constexpr std::size_t piece_bytes = std::size_t{1} << 16;

/// What windows-1252 has where ISO 8859-1 has control characters (WHATWG's index; unused places are those).
constexpr std::uint16_t windows_1252[32] = {0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                            0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
                                            0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                            0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

/// Between quotes where a shell would make something else of it.
std::string for_shell(const std::string& name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._-/+,:@%").find(c) != std::string_view::npos || static_cast<signed char>(c) < 0;
  });
  if (plain) return name;
  std::string out = "'";
  for (const char c : name) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + "'";
}

}  // namespace

std::size_t TextFlow::read(char* to, std::size_t room) {
  if (!looked_) find_encoding();
  switch (encoding_) {
    case TextEncoding::automatic:
    case TextEncoding::utf_8:
      return take(to, room);
    case TextEncoding::latin1:
    case TextEncoding::windows_1252:
      return read_single_bytes(to, room);
    case TextEncoding::utf_16le:
    case TextEncoding::utf_16be:
      return read_pairs(to, room);
  }
  return 0;
}

/// Bytes as they are: those that wait first.
std::size_t TextFlow::take(char* to, std::size_t room) {
  if (at_ == end_) return bytes_.read(to, room);
  const std::size_t n = std::min(room, end_ - at_);
  std::memcpy(to, waiting_.data() + at_, n);
  at_ += n;
  return n;
}

/// Makes `wanted` bytes wait; false if the file has no more so many.
bool TextFlow::fill(std::size_t wanted) {
  waiting_.resize(piece_bytes);
  if (end_ - at_ < wanted) {
    std::memmove(waiting_.data(), waiting_.data() + at_, end_ - at_);
    end_ -= at_;
    at_ = 0;
  }
  while (end_ - at_ < wanted) {
    const std::size_t n = bytes_.read(waiting_.data() + end_, waiting_.size() - end_);
    if (n == 0) return false;
    end_ += n;
  }
  return true;
}

/// How iconv calls four bytes a character, of which the first is a byte order mark or an ASCII one; null: it
/// is none of these.
const char* TextFlow::utf_32_name() {
  if (!fill(4)) return nullptr;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(waiting_[at_ + i]); };
  const auto ascii = [](unsigned char c) { return c >= 0x09 && c < 0x7F; };
  if (byte(0) == 0 && byte(1) == 0) {
    if (byte(2) == 0xFE && byte(3) == 0xFF) return "utf-32";
    return byte(2) == 0 && ascii(byte(3)) ? "utf-32be" : nullptr;
  }
  if (byte(2) != 0 || byte(3) != 0) return nullptr;
  if (byte(0) == 0xFF && byte(1) == 0xFE) return "utf-32";
  return byte(1) == 0 && ascii(byte(0)) ? "utf-32le" : nullptr;
}

void TextFlow::find_encoding() {
  looked_ = true;
  if (const char* const utf_32 = utf_32_name()) {
    Problem problem;
    problem.place.file = shown();
    problem.message = "the file is UTF-32";
    const bool named = shown() != "standard input" && !packed();
    problem.help = {"make it UTF-8: iconv -f " + std::string(utf_32) + " -t utf-8 " +
                    (named ? for_shell(shown()) + " " : "") + "> FILE"};
    throw Error(Fault::data, {std::move(problem)});
  }
  const bool two = fill(2);
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(waiting_[at_ + i]); };
  const bool little = two && byte(0) == 0xFF && byte(1) == 0xFE,
             big = two && byte(0) == 0xFE && byte(1) == 0xFF;
  if (encoding_ == TextEncoding::automatic)
    encoding_ = little ? TextEncoding::utf_16le : big ? TextEncoding::utf_16be : TextEncoding::utf_8;
  if ((encoding_ == TextEncoding::utf_16le && little) || (encoding_ == TextEncoding::utf_16be && big)) {
    at_ += 2;
    given_ += 2;
  }
  if (drop_mark_ && encoding_ == TextEncoding::utf_8 && two && byte(0) == 0xEF && byte(1) == 0xBB &&
      fill(3) && byte(2) == 0xBF)
    at_ += 3;
}

std::size_t TextFlow::read_single_bytes(char* to, std::size_t room) {
  if (!fill(1)) return 0;
  char* const begin = to;
  for (; at_ != end_ && room - static_cast<std::size_t>(to - begin) >= least_room; ++at_) {
    std::uint32_t letter = static_cast<unsigned char>(waiting_[at_]);
    if (encoding_ == TextEncoding::windows_1252 && letter >= 0x80 && letter < 0xA0)
      letter = windows_1252[letter - 0x80];
    to = write_utf8(letter, to);
  }
  return static_cast<std::size_t>(to - begin);
}

std::size_t TextFlow::read_pairs(char* to, std::size_t room) {
  const auto refuse = [&](const char* what) {
    Problem problem;
    problem.place.file = shown();
    problem.message = "byte " + std::to_string(given_ + 1) + " of the file is no UTF-16: " + what;
    throw Error(Fault::data, {std::move(problem)});
  };
  const auto unit = [&](std::size_t at) {
    const auto first = static_cast<unsigned char>(waiting_[at]),
               second = static_cast<unsigned char>(waiting_[at + 1]);
    return static_cast<std::uint32_t>(encoding_ == TextEncoding::utf_16le ? first | second << 8
                                                                          : first << 8 | second);
  };
  if (!fill(2)) {
    if (at_ != end_) refuse("the file ends within a character");
    return 0;
  }
  char* const begin = to;
  while (end_ - at_ >= 2 && room - static_cast<std::size_t>(to - begin) >= least_room) {
    std::uint32_t letter = unit(at_);
    std::size_t bytes = 2;
    if (letter >= 0xDC00 && letter < 0xE000) refuse("the second half of a pair without a first");
    if (letter >= 0xD800 && letter < 0xDC00) {
      if (end_ - at_ < 4 && to != begin) break;  // what is converted goes out before the bytes move
      if (!fill(4)) refuse("the file ends within a character");
      const std::uint32_t low = unit(at_ + 2);
      if (low < 0xDC00 || low >= 0xE000) refuse("the first half of a pair without a second");
      letter = 0x10000 + ((letter - 0xD800) << 10) + (low - 0xDC00);
      bytes = 4;
    }
    to = write_utf8(letter, to);
    at_ += bytes;
    given_ += bytes;
  }
  return static_cast<std::size_t>(to - begin);
}

}  // namespace bpnet
