#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <string>

#include "core/random.hpp"
#include "data/csv_number.hpp"

using namespace bpnet;

namespace {

/// A number as text, of many shapes, drawn from `draw`.
std::string random_number(Draw draw, std::uint64_t sample) {
  std::uint64_t next = 0;
  const auto below = [&](std::uint64_t n) { return draw.index(sample, next++, n); };
  const auto digits = [&](std::uint64_t count) {
    std::string out;
    for (std::uint64_t i = 0; i < count; ++i) out += static_cast<char>('0' + below(10));
    return out;
  };
  std::string text;
  if (below(2)) text += below(4) ? "-" : "+";
  const std::uint64_t longest = below(10) ? 10 : 40;
  const bool point = below(3) != 0;
  text += digits(below(longest) + (point ? 0 : 1));
  if (point) text += "." + digits(below(longest) + (text.empty() || text.back() < '0' ? 1 : 0));
  if (below(3) == 0)
    text += (below(2) ? "e" : "E") + std::string(below(2) ? "-" : below(2) ? "+" : "") + digits(1 + below(2));
  return text;
}

void compare(const std::string& text) {
  const double expected = std::strtod(text.c_str(), nullptr);
  const auto got = parse_number(text, '.');
  const bool too_large = std::abs(expected) > 3.4028234663852886e38;
  const bool good =
      too_large ? !got : got && *got == expected && std::signbit(*got) == std::signbit(expected);
  if (!good) FAIL_CHECK(text);
}

}  // namespace

TEST_CASE("numbers are the nearest doubles, as strtod reads them") {
  for (std::uint64_t i = 0; i < 200000; ++i) compare(random_number(Draw::of(7, 1), i));
}

TEST_CASE("numbers that are hard to round") {
  for (const char* text :
       {"9007199254740993",
        "9007199254740992",
        "9007199254740991",
        "0.1",
        "0.3",
        "1e23",
        "8.5e22",
        "1e22",
        "123456789012345678",
        "2.2250738585072011e-308",
        "2.2250738585072014e-308",
        "4.9406564584124654e-324",
        "2.4703282292062327e-324",
        "1.00000000000000011102230246251565404236316680908203125",
        "1.00000000000000011102230246251565404236316680908203124",
        "1.00000000000000011102230246251565404236316680908203126",
        "7.2057594037927933e16",
        "0."
        "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001",
        "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001",
        "179769313486231580793728971405301e5",
        "3.4028234663852886e38",
        "3.4028234663852888e38",
        "-3.5e38",
        "1e400",
        "-1e400",
        "1e-400",
        "0e400",
        "-0",
        "0.0e-999999999999",
        "1e99999999999999999999",
        "1e-99999999999999999999"})
    compare(text);
}

TEST_CASE("what is a number and what is not") {
  for (const char* text : {"1", "+1.5", ".5", "1.", "1e5", "1E+5", "-0", "007", "1.e3", "-.5e-3"})
    CHECK_MESSAGE(parse_number(text, '.').has_value(), text);
  for (const char* text : {"",      ".",     "-",   "+",     "e5",   "1e",  "1e+", "--1", "+-1",
                           "1 ",    " 1",    "1,5", "1_000", "0x10", "inf", "nan", "NaN", "infinity",
                           "1.2.3", "1e5.0", "12a", "1e400", "٣",    "1d5", "1f"})
    CHECK_MESSAGE(!parse_number(text, '.').has_value(), text);
  CHECK(*parse_number("1,5", ',') == 1.5);
  CHECK(*parse_number("-0,125e2", ',') == -12.5);
  CHECK(*parse_number("1,234,567.5", {'.', ','}) == 1234567.5);
  CHECK(*parse_number("-1.234,5e1", {',', '.'}) == -12345);
  CHECK(*parse_number("12 345", {'.', ' '}) == 12345);
  CHECK(*parse_number("12\u00a0345\u202f678", {'.', ' '}) == 12345678);
  CHECK(*parse_number("12\u2019345.5", {'.', '\''}) == 12345.5);
  CHECK(*parse_number("1234.5", {'.', ','}) == 1234.5);
  for (const char* ragged :
       {"12,34", "1,2345", "1,234,56", "0,123", ",123", "1,,234", "1,234,", "1,234.5,6", "1234,567"})
    CHECK_MESSAGE(!parse_number(ragged, {'.', ','}).has_value(), ragged);
  CHECK(*parse_number("1234567890123456789012,5", ',') == 1234567890123456789012.5);
  CHECK_FALSE(parse_number("1.5", ',').has_value());
}

TEST_CASE("a padded number is a code") {
  for (const char* text : {"02139", "-007", "00", "00.5"}) CHECK(zero_padded(text));
  for (const char* text : {"0", "0.5", "10", "-0.1", "", "-", "0e5"}) CHECK_FALSE(zero_padded(text));
}
