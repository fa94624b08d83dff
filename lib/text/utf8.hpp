#pragma once
// UTF-8 (RFC 3629).

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bpnet {

/// What stands for a byte that is no UTF-8.
inline constexpr std::uint32_t replacement_letter = 0xFFFD;

/// Offset of the first byte that is no UTF-8; npos if all of it is.
std::size_t find_no_utf8(std::string_view text);

/// Writes a code point in at most 4 bytes; returns the byte behind it.
char* write_utf8(std::uint32_t letter, char* to);

/// Reads the code point at text[at], which is moved behind it. A byte that begins none is U+FFFD by itself.
std::uint32_t read_utf8(std::string_view text, std::size_t& at);

}  // namespace bpnet
