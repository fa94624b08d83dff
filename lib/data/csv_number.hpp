#pragma once
// Numbers in cells.

#include <optional>
#include <string_view>

namespace bpnet {

constexpr bool is_decimal_digit(char c) { return c >= '0' && c <= '9'; }

/// The number a whole cell holds: a sign or not, digits with at most one decimal mark, e and an exponent or
/// not. The nearest double; too small is 0. Nothing for any other text (also inf, nan, hexadecimal), and for
/// numbers beyond the range of float.
std::optional<double> parse_number(std::string_view cell, char decimal);

/// True for what would be a number if it were not beyond the range of float.
bool beyond_float(std::string_view cell, char decimal);

/// True for a number that starts with a 0 before another digit, like 02139: a code, not a quantity.
bool zero_padded(std::string_view number);

}  // namespace bpnet
