#include "data/csv_records.hpp"

#include <algorithm>
#include <cstring>

#include "math/text.hpp"

namespace bpnet {

namespace {

bool has_lone_return(std::string_view text) {
  for (std::size_t at = text.find('\r'); at != std::string_view::npos; at = text.find('\r', at + 1))
    if (at + 1 == text.size() || text[at + 1] != '\n') return true;
  return false;
}

/// Takes the '\r' before each record's line end away; false if there are others.
bool drop_returns(std::size_t cells, Records& out) {
  const std::string_view text = out.text;
  std::size_t dropped = 0;
  for (std::size_t r = 0; r < out.starts.size(); ++r) {
    std::uint32_t& end = out.ends[r * cells + cells - 1];
    if (end == out.starts[r] || text[end - 1] != '\r') continue;
    --end;
    ++dropped;
  }
  return dropped == static_cast<std::size_t>(std::count(text.begin(), text.end(), '\r'));
}

/// Cuts one record after the other.
class Cutter {
 public:
  Cutter(std::string_view text, bool last, Marks marks, std::size_t cells, Records& out)
      : begin_(text.data()),
        end_(begin_ + text.size()),
        last_(last),
        marks_(marks),
        cells_(cells),
        out_(out) {}

  /// Bytes used.
  std::size_t cut(std::int64_t most) {
    const char* at = begin_;
    for (std::int64_t n = 0; n < most; ++n) {
      const char* start = skip_empty_lines(at, end_, marks_, last_);
      if (start == end_) return offset(last_ || at == end_ ? end_ : at);
      const char* behind = record(start);
      if (behind == nullptr) return offset(start);
      at = behind;
    }
    return offset(at);
  }

 private:
  std::size_t offset(const char* p) const { return static_cast<std::size_t>(p - begin_); }
  void fault(RecordFault::Kind kind, const char* at, std::size_t cells = 0) {
    out_.faults.push_back({kind, offset(at), cells, {0, 0}, "", ""});
  }

  // Returns the byte behind the record; nullptr when the text may not hold it whole.
  const char* record(const char* start) {
    const std::size_t ends_before = out_.ends.size();
    std::size_t count = 0;
    bool good = true;
    for (const char* at = start;;) {
      const Cell cell = read_cell(at, end_, marks_.delimiter);
      const bool cut_off = cell.after == end_ || (*cell.after == '\r' && cell.after + 1 == end_);
      if (cut_off && !last_) {
        out_.ends.resize(ends_before);
        return nullptr;
      }
      if (cell.open || cell.broken) {
        fault(cell.open ? RecordFault::Kind::open_quote : RecordFault::Kind::broken_quote,
              cell.open ? cell.begin - 1 : cell.end);
        good = false;
      }
      if (++count <= cells_) out_.ends.push_back(static_cast<std::uint32_t>(offset(cell.after)));
      if (count == cells_ + 1) surplus_ = at;
      if (cell.after == end_ || ends_line(*cell.after)) {
        const bool only_delimiter =
            count == cells_ + 1 && cells_ > 0 && cell.begin == cell.end && !cell.quoted;
        if (only_delimiter) --count;  // behind the last cell: nothing is lost
        if (good && count != cells_) {
          good = false;
          const bool few = count < cells_;
          fault(few ? RecordFault::Kind::too_few : RecordFault::Kind::too_many, few ? cell.after : surplus_,
                count);
        }
        if (good)
          out_.starts.push_back(static_cast<std::uint32_t>(offset(start)));
        else
          out_.ends.resize(ends_before);
        return skip_line_end(cell.after, end_);
      }
      at = cell.after + 1;
    }
  }

  const char *begin_, *end_, *surplus_ = nullptr;
  bool last_;
  Marks marks_;
  std::size_t cells_;
  Records& out_;
};

}  // namespace

bool needs_care(std::string_view text) {
  return text.find('"') != std::string_view::npos || text.find('\0') != std::string_view::npos ||
         has_lone_return(text);
}
bool cut_plain(std::string_view text, Marks marks, std::size_t cells, Records& out) {
  if (marks.delimiter == ' ') return false;  // of which there may be several between two cells
  out.text = text;
  out.starts.clear();
  out.faults.clear();
  if (out.ends.size() < text.size() + 8) out.ends.resize(text.size() + 8);
  const auto seen = math::find_separators(text.data(), text.size(), marks.delimiter, out.ends.data());
  if (seen.quotes || seen.count != seen.line_ends * cells) return false;
  out.starts.reserve(seen.line_ends);
  std::uint32_t start = 0;
  for (std::size_t r = 0; r < seen.line_ends; ++r) {
    const std::uint32_t end = out.ends[r * cells + cells - 1];
    if (text[end] != '\n') return false;
    // A line of blanks alone is no record: only a file of one column can have one here.
    if ((cells == 1 || marks.comment != '\0') &&
        skip_empty_lines(text.data() + start, text.data() + end, marks) == text.data() + end)
      return false;
    out.starts.push_back(start);
    start = end + 1;
  }
  return !seen.returns || drop_returns(cells, out);
}

std::size_t cut_records(std::string_view text, bool last, Marks marks, std::size_t cells, std::int64_t most,
                        Records& out) {
  out.text = text;
  out.starts.clear();
  out.ends.clear();
  out.faults.clear();
  if (const void* zero = std::memchr(text.data(), 0, text.size())) {
    const auto at = static_cast<std::size_t>(static_cast<const char*>(zero) - text.data());
    out.faults.push_back({RecordFault::Kind::zero_byte, at, 0, {0, 0}, "", ""});
    return text.size();
  }
  return Cutter(text, last, marks, cells, out).cut(most);
}

}  // namespace bpnet
