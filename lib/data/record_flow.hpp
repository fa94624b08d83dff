#pragma once
// Records of a text that can only be read from its beginning to its end.

#include <optional>
#include <vector>

#include "data/csv_dialect.hpp"
#include "data/csv_records.hpp"
#include "data/json_records.hpp"
#include "data/text_flow.hpp"

namespace bpnet {

class RecordFlow {
 public:
  /// A stretch of the text: whole records.
  struct Piece {
    std::string_view text;
    Records records;
    std::int64_t lines = 0;  // its line ends
    bool plain = false;      // each record is one line

   private:
    friend class RecordFlow;
    std::vector<char> bytes;
    bool cut = false;
  };
  enum class Wait : std::uint8_t {
    for_pieces,  // of the usual size
    for_records  // as soon as there are some: from a pipe that is slow
  };

  /// `beginning` of the text was read from `text` before. Behind it comes the first record as the dialect
  /// says. Records are JSON Lines if `json` is given, which must outlive the flow.
  RecordFlow(TextFlow text, const std::string& beginning, const Dialect& dialect, const JsonRecords* json,
             Wait wait);
  /// The next stretch of text; false at the end. Throws Error(data): a row longer than a gigabyte, and what
  /// TextFlow throws.
  bool next(Piece& piece);
  /// Finds its records, if that was not needed to find its end, and its lines. Several threads at once, each
  /// with its own piece.
  void cut(Piece& piece) const;

 private:
  std::size_t whole_records(std::string_view text, Piece& piece) const;
  void read_on(Piece& piece, std::size_t& size, std::size_t wanted);

  TextFlow text_;
  std::string rest_;  // read, and not yet given
  Marks marks_;
  std::size_t cells_;
  const JsonRecords* json_;
  Wait wait_;
  bool ended_ = false;
};

}  // namespace bpnet
