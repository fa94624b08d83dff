#pragma once
// Scalars as text: reading them as the option wants, showing them, and saying what was wanted.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "spec/node.hpp"
#include "spec/options.hpp"

namespace bpnet::spec {

/// Why a scalar is not what an option wants: "must be <wanted>", and ways out.
struct Complaint {
  std::string wanted;
  std::vector<std::string> help;
};
template <class T>
using Reading = std::variant<T, Complaint>;

/// `true` or `false`, nothing else.
Reading<bool> read_flag(const Node& node);
/// Decimal, finite: 12, -0.5, 1e-3, 010 (ten).
Reading<double> read_number(const Node& node);
/// As a number, and whole: 12, 1e6.
Reading<std::int64_t> read_integer(const Node& node);
/// 5 epochs, 500 steps, 10%, 30 seconds, 10 minutes, 2 hours.
/// `usual`: the unit to suggest. `bare`: a number without a unit stands for epochs.
Reading<Length> read_length(const Node& node, Length::Unit usual, bool bare = false);

/// Shortest text that reads back as the same number.
std::string show(double value);
/// In the largest unit that keeps the number whole.
std::string show(const Length& value);

/// What was written, for "; got ...": -16, 'abc', a list, a map.
std::string got(const Node& node);
/// 'text' in quotes, cut when long.
std::string quote(std::string_view text);
/// "a, b or c"
std::string either(const std::vector<std::string>& words);
/// "a, b and c"
std::string both(const std::vector<std::string>& words);

/// The bound that `value` breaks, for "must be ...": "1 or more", "less than 1".
std::string broken_bound(const Range& range, double value);
/// For hints: "≥ 1", "> 0 and < 1", "from 1 to 10"; empty for any number. Upper bounds of a million and more
/// only guard memory and are left out.
std::string range_text(const Range& range);

}  // namespace bpnet::spec
