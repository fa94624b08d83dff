#include "data/words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "text/utf8.hpp"

namespace bpnet {

std::string in_yaml(std::string_view text) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.' || c == ' ' || static_cast<unsigned char>(c) >= 0x80;
  };
  constexpr std::string_view no_break_space = "\xC2\xA0";
  const bool good = !text.empty() && std::all_of(text.begin(), text.end(), plain) && text.front() != ' ' &&
                    text.front() != '-' && text.back() != ' ' &&
                    text.find(no_break_space) == std::string_view::npos;
  if (good) return std::string(text);
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (text.substr(i).starts_with(no_break_space)) {
      out += "\\u00A0";
      ++i;
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20)
      out += fmt::format("\\x{:02X}", static_cast<unsigned char>(c));
    else
      out += c;
  }
  return out + "\"";
}

std::string in_quotes(std::string_view cell) {
  constexpr std::size_t longest = 40;
  constexpr std::string_view no_break_space = "\xC2\xA0";
  const std::size_t bad = find_no_utf8(cell);
  std::string out = "'";
  for (std::size_t i = 0; i < cell.size(); ++i) {
    const auto c = static_cast<unsigned char>(cell[i]);
    if (i >= longest && (c & 0xC0) != 0x80) return out + "...'";
    if (i >= bad && c >= 0x80) {
      out += fmt::format("\\x{:02x}", c);
      continue;
    }
    if (cell.substr(i).starts_with(no_break_space)) {
      out += "\\u00a0";
      ++i;
      continue;
    }
    if (c == '\n')
      out += "\\n";
    else if (c < 0x20 || c == 0x7F)
      out += fmt::format("\\x{:02x}", c);
    else
      out += cell[i];
  }
  return out + "'";
}

std::string count_of(std::int64_t n, const char* thing) {
  return fmt::format("{} {}{}", n, thing, n == 1 ? "" : "s");
}

std::string unseen_words(const std::string& column, std::int64_t rows, const std::set<std::string>& texts,
                         bool target) {
  constexpr std::size_t most = 3;
  std::string examples;
  std::size_t n = 0;
  for (const std::string& text : texts) {
    if (n == most) break;
    examples += (n++ ? ", " : "") + in_quotes(text);
  }
  if (texts.size() > most) examples += ", ...";
  const bool one = rows == 1;
  const std::string end = target ? (one ? "it is left out of its scores" : "they are left out of its scores")
                                 : (one ? "it counts as unseen" : "they count as unseen");
  return fmt::format("{} '{}': {} {} a {} that no training row has ({}); {}", target ? "target" : "column",
                     column, count_of(rows, "row"), one ? "has" : "have", target ? "class" : "label",
                     examples, end);
}

std::string listed(const std::vector<std::string>& names, const char* things) {
  constexpr std::size_t most = 10;
  std::string out = std::to_string(names.size()) + " " + things;
  for (std::size_t i = 0; i < std::min(most, names.size()); ++i) out += (i ? ", " : ": ") + names[i];
  return names.size() > most ? out + ", ..." : out;
}

std::string told(double mean, double deviation) {
  return "mean " + short_number(mean) + " deviation " + short_number(deviation);
}

std::string short_number(double x) { return fmt::format("{:.6g}", x); }

}  // namespace bpnet
