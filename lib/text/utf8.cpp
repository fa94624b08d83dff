#include "text/utf8.hpp"

namespace bpnet {

char* write_utf8(std::uint32_t letter, char* to) {
  const auto put = [&](std::uint32_t byte) { *to++ = static_cast<char>(byte); };
  if (letter < 0x80) {
    put(letter);
  } else if (letter < 0x800) {
    put(0xC0 | letter >> 6);
    put(0x80 | (letter & 0x3F));
  } else if (letter < 0x10000) {
    put(0xE0 | letter >> 12);
    put(0x80 | (letter >> 6 & 0x3F));
    put(0x80 | (letter & 0x3F));
  } else {
    put(0xF0 | letter >> 18);
    put(0x80 | (letter >> 12 & 0x3F));
    put(0x80 | (letter >> 6 & 0x3F));
    put(0x80 | (letter & 0x3F));
  }
  return to;
}

namespace {

/// Bytes of the code point at text[at]; 0: none begins there.
std::size_t length_of(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto lead = byte(at);
  if (lead < 0x80) return 1;
  std::size_t length = 0;
  if (lead >= 0xC2 && lead <= 0xDF) length = 2;
  if (lead >= 0xE0 && lead <= 0xEF) length = 3;
  if (lead >= 0xF0 && lead <= 0xF4) length = 4;
  if (length == 0 || text.size() - at < length) return 0;
  for (std::size_t k = 1; k < length; ++k)
    if ((byte(at + k) & 0xC0) != 0x80) return 0;
  const auto next = byte(at + 1);  // overlong forms, surrogates, beyond U+10FFFF
  if ((lead == 0xE0 && next < 0xA0) || (lead == 0xED && next > 0x9F) || (lead == 0xF0 && next < 0x90) ||
      (lead == 0xF4 && next > 0x8F))
    return 0;
  return length;
}

}  // namespace

std::size_t find_no_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = length_of(text, at);
    if (length == 0) return at;
    at += length;
  }
  return std::string_view::npos;
}

std::uint32_t read_utf8(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t k) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[at + k]));
  };
  const std::size_t length = length_of(text, at);
  if (length <= 1) {
    const std::uint32_t letter = length == 1 ? byte(0) : replacement_letter;
    ++at;
    return letter;
  }
  std::uint32_t letter = byte(0) & (0x7Fu >> length);
  for (std::size_t k = 1; k < length; ++k) letter = letter << 6 | (byte(k) & 0x3F);
  at += length;
  return letter;
}

}  // namespace bpnet
