#pragma once
// Numbers in cells.

#include <optional>
#include <string>
#include <string_view>

namespace bpnet {

constexpr bool is_decimal_digit(char c) { return c >= '0' && c <= '9'; }

/// The number a whole cell holds: a sign or not, digits with at most one decimal mark, e and an exponent or
/// not. The nearest double; too small is 0. Nothing for any other text (also inf, nan, hexadecimal), and for
/// numbers beyond the range of float.
std::optional<double> parse_number(std::string_view cell, char decimal);

/// 1,234,567.8 without the commas; nothing if digits do not come in groups of three with
/// `thousands` between, or begin with a 0.
std::optional<std::string> without_thousands(std::string_view cell, char thousands);

/// The same, also of a number in such groups; '\0': there are none.
std::optional<double> parse_number(std::string_view cell, char decimal, char thousands);

/// True for what would be a number if it were not beyond the range of float.
bool beyond_float(std::string_view cell, char decimal);

/// True for a number that starts with a 0 before another digit, like 02139: a code, not a quantity.
bool zero_padded(std::string_view number);

}  // namespace bpnet
