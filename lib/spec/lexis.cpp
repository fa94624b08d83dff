#include "spec/lexis.hpp"

#include <algorithm>

namespace bpnet::spec {

namespace {

constexpr std::string_view blanks = " \t", spaces = " \t\r\n";

std::size_t or_end(std::size_t at, std::string_view text) { return std::min(at, text.size()); }

/// Past anchors and tags in front of a node.
std::size_t past_properties(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == '&' || text[at] == '!')) {
    const std::size_t end = or_end(text.find_first_of(" \t\r\n,[]{}", at), text);
    at = or_end(text.find_first_not_of(spaces, end), text);
  }
  return at;
}

/// Past the closing quote, or npos.
std::size_t past_quote(std::string_view text, std::size_t open) {
  const char quote = text[open];
  for (std::size_t i = open + 1; i < text.size(); ++i) {
    const bool escape = quote == '"' ? text[i] == '\\' : text.substr(i, 2) == "''";
    if (!escape && text[i] == quote) return i + 1;
    if (escape) ++i;
  }
  return std::string_view::npos;
}

}  // namespace

Written written_scalar(std::string_view text, std::size_t at, std::string_view value) {
  Written w;
  w.offset = past_properties(text, at);
  if (w.offset == text.size()) return w;
  const char first = text[w.offset];
  if (first == '"' || first == '\'') {
    w.quote = first;
    const std::size_t end = past_quote(text, w.offset);
    w.closed = end != std::string_view::npos;
    w.length = w.closed ? end - w.offset : 1;
  } else if (first == '|' || first == '>') {
    w.quote = first;
    w.length = 1;
  } else {
    w.folded = text.substr(w.offset, value.size()) != value;
    w.length = w.folded ? or_end(text.find_first_of("\r\n", w.offset), text) - w.offset : value.size();
  }
  return w;
}

std::string written_null(std::string_view text, std::size_t at, bool is_key) {
  at = past_properties(text, at);
  for (const std::string_view word : {"~", "null", "Null", "NULL"}) {
    if (!text.substr(at).starts_with(word)) continue;
    const std::size_t end = at + word.size();
    const bool whole =
        end == text.size() || std::string_view(" \t\r\n,]}:").find(text[end]) != std::string_view::npos;
    if (whole && (is_key || !colon_follows(text, end))) return std::string(word);
  }
  return "";
}

bool colon_follows(std::string_view text, std::size_t at) {
  at = text.find_first_not_of(blanks, at);
  return at != std::string_view::npos && text[at] == ':';
}

}  // namespace bpnet::spec
