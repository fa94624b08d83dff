#pragma once
// Numbers in cells.

#include <optional>
#include <string>
#include <string_view>

namespace bpnet {

constexpr bool is_decimal_digit(char c) { return c >= '0' && c <= '9'; }

/// What stands before decimals, and between groups of three digits ('\0': nothing). ' ' is also the no-break
/// and thin blanks of Unicode, '\'' also the right quotation mark.
struct NumberMarks {
  char decimal = '.', thousands = '\0';
  NumberMarks() = default;
  NumberMarks(char before_decimals, char between_thousands = '\0')
      : decimal(before_decimals), thousands(between_thousands) {}
  std::string text() const {
    return thousands == '\0' ? std::string{decimal} : std::string{decimal, thousands};
  }
  static NumberMarks of(std::string_view text) { return {text.at(0), text.size() > 1 ? text[1] : '\0'}; }
};

/// The number a whole cell holds: a sign or not, digits with at most one decimal mark, e and an exponent or
/// not. The nearest double; too small is 0. Nothing for any other text (also inf, nan, hexadecimal, digits
/// in groups that are not of three or begin with a 0), and for numbers beyond the range of float.
std::optional<double> parse_number(std::string_view cell, NumberMarks marks);

/// True for what would be a number if it were not beyond the range of float.
bool beyond_float(std::string_view cell, char decimal);

/// True for a number that starts with a 0 before another digit, like 02139: a code, not a quantity.
bool zero_padded(std::string_view number);

}  // namespace bpnet
