#pragma once
// Text cut into records of the same number of cells.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "data/csv_cells.hpp"

namespace bpnet {

/// What is wrong with the text of a record.
struct RecordFault {
  enum class Kind : std::uint8_t { too_few, too_many, broken_quote, open_quote, zero_byte, malformed } kind;
  std::size_t offset = 0;     // in the text
  std::size_t cells = 0;      // of a record with too few or too many
  TextSpot spot{0, 0};        // of a malformed one: where it is in the text that was cut
  std::string message, help;  // of a malformed one
};

/// Records of a text; records with a fault are left out.
struct Records {
  std::string_view text;
  std::vector<std::uint32_t> starts;  // of each record's first cell
  std::vector<std::uint32_t> ends;    // the byte behind each cell, `cells` a record; more room may be behind
  std::vector<RecordFault> faults;    // in order
  // Of records whose text is not that of the file: the text, the line of each less the first, and the column
  // of each cell. Else empty.
  std::string own;
  std::vector<std::int32_t> lines;
  std::vector<std::uint32_t> columns;
  void clear() {
    text = {};
    starts.clear();
    ends.clear();
    faults.clear();
    own.clear();
    lines.clear();
    columns.clear();
  }
  std::int64_t count() const { return static_cast<std::int64_t>(starts.size()); }
};

/// Longest text to cut at once, and so the longest record.
inline constexpr std::size_t longest_text = std::size_t{1} << 30;

/// True if a text holds quotes, zero bytes or lone CRs, so that not every LF, and not only LF, ends a record.
bool needs_care(std::string_view text);

/// Cuts a text without quotes and CR line ends (CRLF may be), which begins at a record and ends behind a line
/// end, math::readable_behind bytes behind it readable. False if it has those, a zero byte, a blank line, a
/// comment or a record of another number of cells: then nothing is promised of `out`.
bool cut_plain(std::string_view text, Marks marks, std::size_t cells, Records& out);

inline constexpr std::int64_t all_records = std::numeric_limits<std::int64_t>::max();

/// Cuts any text that begins at a record into at most `most` records. One more delimiter behind the last cell
/// of a record is left out. Returns the bytes used. When the text
/// is not the `last` of its file, a record at its end that may go on is left.
std::size_t cut_records(std::string_view text, bool last, Marks marks, std::size_t cells, std::int64_t most,
                        Records& out);

}  // namespace bpnet
