#include "data/record_flow.hpp"

#include <algorithm>
#include <cstring>

#include "core/error.hpp"
#include "math/text.hpp"

namespace bpnet {

namespace {
constexpr std::size_t usual_piece = std::size_t{1} << 18;  // fits a core's cache

std::size_t behind_last_line(std::string_view text) {
  const std::size_t at = text.rfind('\n');
  return at == std::string_view::npos ? 0 : at + 1;
}
}  // namespace

RecordFlow::RecordFlow(TextFlow text, const std::string& beginning, const Dialect& dialect,
                       const JsonRecords* json, Wait wait)
    : text_(std::move(text)),
      rest_(beginning.substr(dialect.begin)),
      marks_(dialect),
      cells_(dialect.names.size()),
      json_(json),
      wait_(wait) {}

bool RecordFlow::next(Piece& piece) {
  piece.cut = piece.plain = false;
  std::size_t size = rest_.size(), used = 0;
  piece.bytes.resize(std::max(piece.bytes.size(), size + 1 + math::readable_behind));
  std::memcpy(piece.bytes.data(), rest_.data(), size);
  bool look = wait_ == Wait::for_records && size > 0;  // at the rest alone, before more of it is waited for
  for (std::size_t wanted = std::max(usual_piece, size); used == 0; look = false) {
    if (size >= wanted) wanted *= 2;
    if (!look) read_on(piece, size, wanted);
    if (size == 0) return false;
    std::string_view text(piece.bytes.data(), size);
    if (ended_ && !ends_line(text.back())) {
      piece.bytes[size] = '\n';
      text = {text.data(), size + 1};
    }
    used = whole_records(text, piece);
    if (used == 0 && size > longest_text)
      throw Error(Fault::data, text_.shown() + " has a row longer than a gigabyte",
                  {"perhaps a quote is never closed"});
  }
  piece.text = {piece.bytes.data(), used};
  if (used < size)
    rest_.assign(piece.bytes.data() + used, size - used);
  else
    rest_.clear();
  if (piece.cut) piece.records.text = piece.text;
  return true;
}

/// Until there are `wanted` bytes, or, if it shall not wait, more than there were.
void RecordFlow::read_on(Piece& piece, std::size_t& size, std::size_t wanted) {
  piece.bytes.resize(std::max(piece.bytes.size(), wanted + TextFlow::least_room + math::readable_behind + 1));
  while (!ended_ && size < wanted) {
    const std::size_t n = text_.read(piece.bytes.data() + size, wanted + TextFlow::least_room - size);
    ended_ = n == 0;
    size += n;
    if (wait_ == Wait::for_records && n > 0) return;
  }
}

/// Bytes of the text that end behind a record, 0 if no record is known to be whole.
std::size_t RecordFlow::whole_records(std::string_view text, Piece& piece) const {
  if (json_ || marks_.delimiter == line_separator) return ended_ ? text.size() : behind_last_line(text);
  if (!needs_care(text)) return behind_last_line(text);
  if (text.back() == '\r' && !ended_) text.remove_suffix(1);  // a '\n' may follow
  piece.cut = true;
  return cut_records(text, ended_, marks_, cells_, all_records, piece.records);
}

void RecordFlow::cut(Piece& piece) const {
  if (json_) {
    json_->cut(piece.text, piece.records);
  } else if (marks_.delimiter == line_separator) {
    cut_records(piece.text, true, marks_, cells_, all_records, piece.records);
    piece.plain = piece.records.faults.empty();
  } else if (!piece.cut && !(piece.plain = cut_plain(piece.text, marks_, cells_, piece.records))) {
    cut_records(piece.text, true, marks_, cells_, all_records, piece.records);
  }
  piece.cut = true;
  piece.lines = piece.plain ? piece.records.count() : count_lines(piece.text, marks_.delimiter);
}

}  // namespace bpnet
