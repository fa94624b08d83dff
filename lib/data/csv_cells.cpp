#include "data/csv_cells.hpp"

#include <algorithm>
#include <cstring>

namespace bpnet {

namespace {

bool is_blank(char c, char delimiter) { return c == ' ' || (c == '\t' && delimiter != '\t'); }

/// Where the next delimiter or line end is. Blanks that delimit are one, however many there are, and none
/// before a line end: the last of them.
const char* find_end(const char* at, const char* end, char delimiter) {
  if (delimiter != ' ') {
    while (at != end && *at != delimiter && !ends_line(*at)) ++at;
    return at;
  }
  while (at != end && !is_blank(*at, delimiter) && !ends_line(*at)) ++at;
  const char* behind = at;
  while (behind != end && is_blank(*behind, delimiter)) ++behind;
  return behind == at || behind == end || ends_line(*behind) ? behind : behind - 1;
}

/// The rest of a cell behind its opening quote.
Cell read_quoted(const char* at, const char* end, char delimiter) {
  Cell cell;
  cell.quoted = true;
  cell.begin = at;
  while (true) {
    const void* quote = std::memchr(at, '"', static_cast<std::size_t>(end - at));
    if (quote == nullptr) {
      cell.open = true;
      cell.end = cell.after = end;
      return cell;
    }
    at = static_cast<const char*>(quote);
    if (at + 1 == end || at[1] != '"') break;
    cell.doubled = true;
    at += 2;
  }
  cell.end = at++;
  if (delimiter == ' ') {
    cell.broken = at != end && !is_blank(*at, delimiter) && !ends_line(*at);
    cell.after = find_end(at, end, delimiter);
    return cell;
  }
  while (at != end && is_blank(*at, delimiter)) ++at;
  cell.after = find_end(at, end, delimiter);
  cell.broken = cell.after != at;
  return cell;
}

Cell read_line(const char* at, const char* end) {
  Cell cell;
  cell.begin = at;
  cell.end = cell.after = std::find(at, end, '\n');
  if (cell.end != at && cell.end[-1] == '\r') --cell.end;
  return cell;
}

}  // namespace

Cell read_cell(const char* at, const char* end, char delimiter) {
  if (delimiter == line_separator) return read_line(at, end);
  while (at != end && is_blank(*at, delimiter)) ++at;
  if (at != end && *at == '"') return read_quoted(at + 1, end, delimiter);
  Cell cell;
  cell.begin = at;
  cell.after = find_end(at, end, delimiter);
  cell.end = cell.after;
  while (cell.end != cell.begin && is_blank(cell.end[-1], delimiter)) --cell.end;
  return cell;
}

std::string_view text_of(const Cell& cell, std::string& scratch) {
  if (!cell.doubled) return cell.content();
  scratch.clear();
  for (const char* at = cell.begin; at != cell.end; ++at) {
    scratch += *at;
    if (*at == '"') ++at;
  }
  return scratch;
}

const char* skip_line_end(const char* at, const char* end) {
  if (at == end) return at;
  return at + (*at == '\r' && at + 1 != end && at[1] == '\n' ? 2 : 1);
}

const char* skip_empty_lines(const char* at, const char* end, const Marks& marks, bool last) {
  while (at != end) {
    const char* p = at;
    while (p != end && *p == ' ') ++p;
    if (p != end && *p == marks.comment && marks.comment != '\0') {
      p = std::find_if(p, end, ends_line);
      if (p == end && !last) return at;
    } else if (marks.blank_rows || (p != end && !ends_line(*p))) {
      return at;
    }
    at = skip_line_end(p, end);
  }
  return at;
}

long count_lines(std::string_view text, char delimiter) {
  const auto feeds = std::count(text.begin(), text.end(), '\n');
  if (delimiter == line_separator || text.find('\r') == std::string_view::npos)
    return static_cast<long>(feeds);
  long lines = static_cast<long>(feeds);
  for (std::size_t i = 0; i < text.size(); ++i)
    lines += text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n');
  return lines;
}

TextSpot spot_of(std::string_view text, std::size_t offset, char delimiter) {
  const std::string_view before = text.substr(0, offset);
  const std::size_t line = before.find_last_of(delimiter == line_separator ? "\n" : "\r\n");
  return {count_lines(before, delimiter) + 1,
          static_cast<long>(line == std::string_view::npos ? offset : offset - line - 1) + 1};
}

}  // namespace bpnet
