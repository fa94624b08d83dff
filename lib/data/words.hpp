#pragma once
// Words for messages about columns and cells.

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace bpnet {

/// A name as it is written in YAML: in double quotes if it needs them.
std::string in_yaml(std::string_view text);

/// A cell in single quotes: its beginning if it is long, line ends and other control characters as \n, \x01.
std::string in_quotes(std::string_view cell);

/// The way out for bytes that are no UTF-8.
inline constexpr const char* other_encoding =
    "say what the text is written in: data.csv.encoding: latin1 (or windows-1252, ...)";

/// "1 row", "2 rows".
std::string count_of(std::int64_t n, const char* thing);

/// The warning about rows with labels (of a target: classes) that no training row has.
std::string unseen_words(const std::string& column, std::int64_t rows, const std::set<std::string>& texts,
                         bool target);

/// "3 classes: a, b, c", and so on for the first ten.
std::string listed(const std::vector<std::string>& names, const char* things);

/// "mean 13 deviation 0.81"
std::string told(double mean, double deviation);

/// 13.0006 as "13.0006": six digits.
std::string short_number(double x);

}  // namespace bpnet
