#include "data/csv_number.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

namespace bpnet {

namespace {

constexpr double exact_powers[] = {1,    1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
constexpr int exact_exponent = 22;
constexpr int safe_digits = 19;  // as many fit 64 bits whatever they are

/// A number taken apart: (-1)^negative * digits * 10^exponent, if no more than safe_digits were written.
struct Digits {
  bool negative = false;
  int written = 0;   // digits
  int exponent = 0;  // of the last digit
  std::uint64_t digits = 0;
};

const char* take_digits(const char* at, const char* end, Digits& parts) {
  const char* const begin = at;
  for (; at != end && is_decimal_digit(*at); ++at)
    parts.digits = parts.digits * 10 + static_cast<unsigned>(*at - '0');
  parts.written += static_cast<int>(at - begin);
  return at;
}

std::optional<Digits> take_apart(std::string_view cell, char decimal) {
  Digits parts;
  const char* at = cell.data();
  const char* const end = at + cell.size();
  if (at != end && (*at == '-' || *at == '+')) parts.negative = *at++ == '-';
  at = take_digits(at, end, parts);
  const int whole = parts.written;
  if (at != end && *at == decimal) at = take_digits(at + 1, end, parts);
  if (parts.written == 0) return {};
  int exponent = 0;
  if (at != end && (*at == 'e' || *at == 'E')) {
    ++at;
    const bool down = at != end && *at == '-';
    if (at != end && (*at == '-' || *at == '+')) ++at;
    if (at == end) return {};
    for (; at != end && is_decimal_digit(*at); ++at)
      exponent = std::min(exponent * 10 + (*at - '0'), 1000000);
    if (down) exponent = -exponent;
  }
  if (at != end) return {};
  parts.exponent = exponent - (parts.written - whole);
  return parts;
}

/// The standard library's exact conversion, for long and extreme numbers.
double convert(std::string_view cell, char decimal, const Digits& parts) {
  if (cell[0] == '+') cell.remove_prefix(1);
  std::string with_point;
  if (decimal != '.') {
    with_point = cell;
    std::replace(with_point.begin(), with_point.end(), decimal, '.');
    cell = with_point;
  }
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error != std::errc::result_out_of_range) return value;
  int zeros = 0;  // digits before the first that is not 0
  for (const char c : cell) {
    if (c >= '1' && c <= '9') break;
    zeros += c == '0';
  }
  return parts.exponent + parts.written - zeros > 0 ? std::numeric_limits<double>::infinity() : 0;
}

std::optional<double> parse_plain(std::string_view cell, char decimal) {
  const auto parts = take_apart(cell, decimal);
  if (!parts) return {};
  double value = 0;
  if (parts->written <= safe_digits && parts->digits == 0) {
    value = parts->negative ? -0.0 : 0.0;
  } else if (parts->written <= safe_digits && parts->digits <= (std::uint64_t{1} << 53) &&
             std::abs(parts->exponent) <= exact_exponent) {
    // Both operands are exact, so one rounding is all there is (Clinger 1990).
    const auto digits = static_cast<double>(parts->digits);
    value = parts->exponent < 0 ? digits / exact_powers[-parts->exponent]
                                : digits * exact_powers[parts->exponent];
    if (parts->negative) value = -value;
  } else {
    value = convert(cell, decimal, *parts);
  }
  if (std::abs(value) > static_cast<double>(std::numeric_limits<float>::max())) return {};
  return value;
}

/// Bytes of the mark between thousands at the beginning of `text`; 0: there is none.
std::size_t size_of_mark(std::string_view text, char thousands) {
  if (text.front() == thousands) return 1;
  if (thousands == ' ')
    for (const std::string_view blank : {"\u00a0", "\u202f", "\u2009"})
      if (text.starts_with(blank)) return blank.size();
  constexpr std::string_view quote = "\u2019";
  return thousands == '\'' && text.starts_with(quote) ? quote.size() : 0;
}

/// 1,234,567.8 without the commas; nothing if digits do not come in groups of three, or begin with a 0.
std::optional<std::string> without_thousands(std::string_view cell, char thousands) {
  std::string plain;
  std::size_t at = 0, groups = 0, digits = 0;
  if (!cell.empty() && (cell[0] == '-' || cell[0] == '+')) plain += cell[at++];
  const std::size_t first = at;
  while (at < cell.size()) {
    if (is_decimal_digit(cell[at])) {
      plain += cell[at++];
      ++digits;
      continue;
    }
    const std::size_t mark = size_of_mark(cell.substr(at), thousands);
    if (mark == 0) break;
    if (digits == 0 || digits > 3 || (groups > 0 && digits != 3)) return {};
    ++groups;
    digits = 0;
    at += mark;
  }
  if (groups == 0 || digits != 3 || cell[first] == '0') return {};
  return plain.append(cell.substr(at));
}

}  // namespace

std::optional<double> parse_number(std::string_view cell, NumberMarks marks) {
  const auto number = parse_plain(cell, marks.decimal);
  if (number || marks.thousands == '\0') return number;
  const auto plain = without_thousands(cell, marks.thousands);
  return plain ? parse_plain(*plain, marks.decimal) : std::nullopt;
}

bool beyond_float(std::string_view cell, char decimal) {
  return take_apart(cell, decimal) && !parse_plain(cell, decimal);
}

bool zero_padded(std::string_view number) {
  if (!number.empty() && (number[0] == '-' || number[0] == '+')) number.remove_prefix(1);
  return number.size() > 1 && number[0] == '0' && is_decimal_digit(number[1]);
}

}  // namespace bpnet
