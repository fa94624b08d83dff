#pragma once
// Cells of CSV text (RFC 4180 and what people write). A cell that begins with a quote, blanks before it
// aside, goes on to the closing quote; "" inside is one quote. A quote elsewhere is a letter like others.
// Lines end in LF, CRLF or CR.

#include <cstddef>
#include <string>
#include <string_view>

namespace bpnet {

struct Cell {
  const char* begin = nullptr;  // of the content: blanks around it and quotes left out
  const char* end = nullptr;
  const char* after = nullptr;  // the delimiter, the line end or the end of the text behind the cell
  bool quoted = false;
  bool doubled = false;  // has "" inside
  bool broken = false;   // more text behind the closing quote
  bool open = false;     // no closing quote before the end of the text
  std::string_view content() const { return {begin, static_cast<std::size_t>(end - begin)}; }
};

/// What stands for what in a text.
struct Marks {
  char delimiter = ',';
  char comment =
      '\0';  // lines that begin with it, blanks before it aside, are no records; '\0': there are none
  bool blank_rows = false;  // of files of one column: a line of blanks alone is a record, of an empty cell
};

/// As a delimiter: each line is one cell as it stands, quotes and blanks and all. Only LF ends it, or CRLF.
inline constexpr char line_separator = '\n';

inline bool ends_line(char c) { return c == '\n' || c == '\r'; }

/// Reads the cell that begins at `at`.
Cell read_cell(const char* at, const char* end, char delimiter);

/// The content with "" undone; lives in the text or in `scratch`.
std::string_view text_of(const Cell& cell, std::string& scratch);

/// Behind the line end at `at` (which may be the end of the text).
const char* skip_line_end(const char* at, const char* end);

/// Behind lines that are no records: empty, nothing but spaces or comments. Of a comment that has no line end
/// in the text, its beginning, unless the text is the `last` of its file.
const char* skip_empty_lines(const char* at, const char* end, const Marks& marks, bool last = true);

/// Line ends in a text; a CRLF counts once. Where the delimiter is line_separator, only an LF is one.
long count_lines(std::string_view text, char delimiter = ',');

/// Where a byte of a text stands: line and column from 1.
struct TextSpot {
  long line = 1, column = 1;
};
TextSpot spot_of(std::string_view text, std::size_t offset, char delimiter = ',');

}  // namespace bpnet
