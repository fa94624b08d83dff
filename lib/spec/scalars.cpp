#include "spec/scalars.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace bpnet::spec {

namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::optional<double> parse(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const std::size_t first = text.starts_with('-') ? 1 : 0;
  if (text.size() <= first || (text[first] != '.' && (text[first] < '0' || text[first] > '9'))) return {};
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

std::string without(std::string_view text, char dropped) {
  std::string out(text);
  std::erase(out, dropped);
  return out;
}

bool digits_only(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// 1,000 or 12,345,678
bool has_thousands(std::string_view text) {
  std::size_t comma = text.find(',');
  if (comma == 0 || comma > 3 || text[0] == '0' || !digits_only(text.substr(0, comma))) return false;
  for (; comma < text.size(); comma += 4)
    if (text[comma] != ',' || text.size() < comma + 4 || !digits_only(text.substr(comma + 1, 3)))
      return false;
  return true;
}

/// What to write instead of a text that is not a number but was meant as one.
std::vector<std::string> number_help(const Node& node, bool whole) {
  if (node.kind != Node::Kind::scalar) return {};
  const std::string& text = node.text;
  if (node.folded)
    return {"the value runs over several lines: is a ':' or its space missing, or the indentation wrong?"};
  if (node.quoted) return parse(text) ? std::vector{"without quotes: " + text} : std::vector<std::string>{};
  if (text.find(',') != std::string::npos) {
    const std::string bare = without(text, ','), point = std::string(text).replace(text.find(','), 1, ".");
    if (has_thousands(text) && parse(bare) && (whole || text.find(',') != text.rfind(',')))
      return {"numbers have no separators for thousands: " + bare};
    if (parse(point) && !whole) return {"use a point: " + point};
  }
  for (const char separator : {'_', ' ', '\''})
    if (text.find(separator) != std::string::npos && digits_only(without(text, separator)))
      return {"numbers have no separators for thousands: " + without(text, separator)};
  if (text.ends_with('%'))
    if (const auto share = parse(text.substr(0, text.size() - 1))) return {"say " + show(*share / 100)};
  const std::string word = lower(text);
  if (word.find("inf") != std::string::npos || word.find("nan") != std::string::npos)
    return {"only finite numbers are taken"};
  if (const std::size_t space = text.find(' '); space != std::string::npos && parse(text.substr(0, space)))
    return {"say " + text.substr(0, space)};
  if (const std::size_t colon = text.find(':'); colon != std::string::npos && colon > 0)
    return {"is a space missing after the ':'?"};
  return {};
}

struct Unit {
  std::string_view word;
  Length::Unit unit;
  double factor;
};
constexpr Unit units[] = {{"epoch", Length::Unit::epochs, 1},    {"step", Length::Unit::steps, 1},
                          {"percent", Length::Unit::percent, 1}, {"%", Length::Unit::percent, 1},
                          {"second", Length::Unit::seconds, 1},  {"minute", Length::Unit::seconds, 60},
                          {"hour", Length::Unit::seconds, 3600}};

/// epoch, epochs, %
const Unit* unit_called(std::string_view word) {
  for (const Unit& unit : units)
    if (word == unit.word || (word.ends_with('s') && word.substr(0, word.size() - 1) == unit.word))
      return &unit;
  return nullptr;
}

const char* plural_of_near_unit(std::string_view word) {
  constexpr std::pair<std::string_view, const char*> other[] = {
      {"s", "seconds"},        {"sec", "seconds"},   {"secs", "seconds"}, {"m", "minutes"},
      {"min", "minutes"},      {"mins", "minutes"},  {"h", "hours"},      {"hr", "hours"},
      {"hrs", "hours"},        {"e", "epochs"},      {"ep", "epochs"},    {"it", "steps"},
      {"iterations", "steps"}, {"batches", "steps"}, {"updates", "steps"}};
  for (const auto& [from, to] : other)
    if (word == from) return to;
  return nullptr;
}

}  // namespace

Reading<bool> read_flag(const Node& node) {
  if (node.is_word("true")) return true;
  if (node.is_word("false")) return false;
  Complaint complaint{"true or false", {}};
  if (node.kind != Node::Kind::scalar) return complaint;
  const std::string word = lower(node.text);
  for (const char* yes : {"true", "yes", "y", "on", "1"})
    if (word == yes) complaint.help = {node.quoted ? "without quotes: true" : "say true"};
  for (const char* no : {"false", "no", "n", "off", "0", "none"})
    if (word == no) complaint.help = {node.quoted ? "without quotes: false" : "say false"};
  return complaint;
}

Reading<double> read_number(const Node& node) {
  if (node.kind == Node::Kind::scalar && !node.quoted)
    if (const auto value = parse(node.text)) return *value;
  return Complaint{"a number", number_help(node, false)};
}

Reading<std::int64_t> read_integer(const Node& node) {
  constexpr double exact = 9007199254740992;  // 2^53: every whole number below is a double
  if (node.kind == Node::Kind::scalar && !node.quoted) {
    std::string_view text = node.text;
    if (text.starts_with('+')) text.remove_prefix(1);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc{} && end == text.data() + text.size()) return value;
    const auto number = parse(node.text);
    if (number && *number == std::trunc(*number) && std::abs(*number) <= exact)
      return static_cast<std::int64_t>(*number);
    if (number) return Complaint{"a whole number", {}};
  }
  return Complaint{"a whole number", number_help(node, true)};
}

Reading<Length> read_length(const Node& node, Length::Unit usual, bool bare) {
  constexpr const char* examples[] = {"5 epochs", "500 steps", "10%", "30 seconds"};
  Complaint complaint{fmt::format("a length such as {}", examples[static_cast<std::size_t>(usual)]), {}};
  if (node.kind != Node::Kind::scalar) return complaint;
  const std::string_view text = node.text;
  std::size_t end = std::min(text.find_first_not_of("+-0123456789.eE"), text.size());
  if (end < text.size() && end > 0 && (text[end - 1] == 'e' || text[end - 1] == 'E')) --end;  // "5epochs"
  const auto value = parse(text.substr(0, end));
  if (!value) return complaint;
  if (end == text.size() && bare) {
    if (*value < 0) return Complaint{"0 or more", {}};
    return Length{*value, Length::Unit::epochs};
  }
  if (end == text.size()) {
    const bool share = usual == Length::Unit::percent && *value > 0 && *value < 1;
    const std::string said = show(Length{share ? *value * 100 : *value, usual});
    if (*value != 0)
      complaint.help = {usual == Length::Unit::seconds
                            ? fmt::format("say {0}, {1} minutes or {1} hours", said, show(*value))
                            : "say " + said};
    return complaint;
  }
  const std::string_view word = text.substr(std::min(text.find_first_not_of(' ', end), text.size()));
  const Unit* unit = unit_called(word);
  if (!unit || (text[end] != ' ' && word != "%")) {
    const char* meant = unit ? nullptr : plural_of_near_unit(word);
    complaint.help = {usual == Length::Unit::percent && word.starts_with("row")
                          ? "say what share of the rows it is: 20%"
                          : "lengths are 5 epochs, 500 steps, 10%, 30 seconds, 10 minutes, 2 hours"};
    if (*value != 0 && (unit || meant))
      complaint.help = {fmt::format("say {} {}", text.substr(0, end), unit ? word : meant)};
    return complaint;
  }
  const Length length{*value * unit->factor, unit->unit};
  if (length.value < 0) return Complaint{"0 or more", {}};
  if (length.unit == Length::Unit::percent && length.value > 100) return Complaint{"100% or less", {}};
  if (length.unit == Length::Unit::steps && length.value != std::trunc(length.value))
    return Complaint{"a whole number of steps", {}};
  return length;
}

std::string show(double value) {
  char buffer[32];
  const bool whole = value == std::trunc(value) && std::abs(value) < 1e16;  // 100000, not 1e+05
  const auto format = whole ? std::chars_format::fixed : std::chars_format::general;
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value, format);
  return {buffer, end};
}

std::string show(const Length& length) {
  const auto plural = [](double value, const char* unit) {
    return fmt::format("{} {}{}", show(value), unit, value == 1 ? "" : "s");
  };
  switch (length.unit) {
    case Length::Unit::epochs:
      return plural(length.value, "epoch");
    case Length::Unit::steps:
      return plural(length.value, "step");
    case Length::Unit::percent:
      return show(length.value) + "%";
    case Length::Unit::seconds:
      break;
  }
  if (length.value > 0 && std::fmod(length.value, 3600) == 0) return plural(length.value / 3600, "hour");
  if (length.value > 0 && std::fmod(length.value, 60) == 0) return plural(length.value / 60, "minute");
  return plural(length.value, "second");
}

std::string quote(std::string_view text) {
  constexpr std::size_t longest = 60;
  if (text.size() <= longest) return fmt::format("'{}'", text);
  std::size_t end = longest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) --end;
  return fmt::format("'{}...'", text.substr(0, end));
}

std::string got(const Node& node) {
  switch (node.kind) {
    case Node::Kind::empty:
    case Node::Kind::off:
      return "nothing";
    case Node::Kind::list:
      return node.items.empty() ? "an empty list" : "a list";
    case Node::Kind::map:
      if (node.fields.empty()) return "nothing in braces";
      return node.fields.size() == 1 ? "a map with " + quote(node.fields[0].key.text) : "a map";
    case Node::Kind::scalar:
      break;
  }
  return !node.quoted && node.text.size() < 30 && parse(node.text) ? node.text : quote(node.text);
}

namespace {
std::string enumerate(const std::vector<std::string>& words, const char* last) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i)
    out += (i == 0 ? "" : i + 1 == words.size() ? last : ", ") + words[i];
  return out;
}
}  // namespace

std::string either(const std::vector<std::string>& words) { return enumerate(words, " or "); }
std::string both(const std::vector<std::string>& words) { return enumerate(words, " and "); }

std::string broken_bound(const Range& range, double value) {
  const bool below = range.low_open ? value <= range.low : value < range.low;
  if (below) return range.low_open ? "more than " + show(range.low) : show(range.low) + " or more";
  return range.high_open ? "less than " + show(range.high) : show(range.high) + " or less";
}

std::string range_text(const Range& range) {
  constexpr double guard = 1e6;
  const bool low = std::isfinite(range.low), high = range.high < guard;
  if (low && high && !range.low_open && !range.high_open)
    return fmt::format("from {} to {}", show(range.low), show(range.high));
  std::string out;
  if (low) out = (range.low_open ? "> " : "≥ ") + show(range.low);
  if (high) out += (low ? " and " : "") + std::string(range.high_open ? "< " : "≤ ") + show(range.high);
  return out;
}

}  // namespace bpnet::spec
