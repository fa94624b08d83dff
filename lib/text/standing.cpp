#include "text/standing.hpp"

#include <algorithm>
#include <iterator>

#include "text/letters.hpp"
#include "text/utf8.hpp"

namespace bpnet {

Standing standing_of(std::string_view token) {
  struct Mark {
    std::string_view text;
    Standing standing;
  };
  static constexpr Mark marks[] = {
      {".", Standing::point},        {",", Standing::point},        {":", Standing::point},
      {"!", Standing::closing},      {"?", Standing::closing},      {";", Standing::closing},
      {")", Standing::closing},      {"]", Standing::closing},      {"}", Standing::closing},
      {"%", Standing::closing},      {"\u2026", Standing::closing}, {"(", Standing::opening},
      {"[", Standing::opening},      {"{", Standing::opening},      {"\u00BF", Standing::opening},
      {"\u00A1", Standing::opening}, {"'", Standing::apostrophe},   {"\u2019", Standing::apostrophe},
      {"-", Standing::hyphen},       {"/", Standing::hyphen},       {"_", Standing::hyphen},
      {"\"", Standing::quote}};
  const auto known =
      std::find_if(std::begin(marks), std::end(marks), [&](const Mark& mark) { return mark.text == token; });
  if (known != std::end(marks)) return known->standing;
  std::size_t at = 0;
  if (token.empty() || is_mark(read_utf8(token, at))) return Standing::other;
  const bool digits = std::all_of(token.begin(), token.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits ? Standing::number : Standing::word;
}

bool stands_apart(std::span<const Standing> standings, std::span<const std::int32_t> told,
                  std::int32_t next) {
  const auto of = [&](std::int32_t id) { return standings[static_cast<std::size_t>(id)]; };
  const auto is_word = [](Standing s) { return s == Standing::word || s == Standing::number; };
  const auto is_link = [](Standing s) { return s == Standing::apostrophe || s == Standing::hyphen; };
  const Standing last = of(told.back()), now = of(next);
  const Standing before = told.size() > 1 ? of(told[told.size() - 2]) : Standing::other;
  const auto in_quotes = [&] {
    return std::count_if(told.begin(), told.end(),
                         [&](std::int32_t id) { return of(id) == Standing::quote; }) %
               2 ==
           1;
  };
  if (last == Standing::opening || now == Standing::point || now == Standing::closing) return false;
  if (is_link(now)) return !is_word(last);
  if (is_link(last)) return is_word(before) ? !is_word(now) : last == Standing::hyphen;
  if (last == Standing::point && before == Standing::number && now == Standing::number) return false;
  if (now == Standing::quote || last == Standing::quote) return !in_quotes();
  return true;
}

}  // namespace bpnet
