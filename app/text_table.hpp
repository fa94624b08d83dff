#pragma once
// Text for a terminal: how wide it shows, and tables of it.

#include <string>
#include <string_view>
#include <vector>

namespace bpnet::app {

/// Columns that UTF-8 text takes on a terminal: wide East Asian letters and emoji two, combining marks none
/// (after Markus Kuhn's wcwidth).
std::size_t display_width(std::string_view text);

/// Text of a file made safe to show in one line: control characters, line breaks, marks that turn the
/// direction of writing and bytes that are no UTF-8 become escapes (\n, \x1b, \u202e); what is wider than
/// `widest` is cut and ends in "...".
std::string shown(std::string_view text, std::size_t widest = 30);

/// The same, but cut in the middle: what begins alike may end otherwise.
std::string shown_in_part(std::string_view text, std::size_t widest);

/// A path as it is from the current folder, if it lies below it.
std::string shown_path(const std::string& path);

/// A table as wide as its cells; two blanks between columns, none at the ends of lines.
class TextTable {
 public:
  enum class Align { left, right };
  explicit TextTable(std::vector<Align> columns) : align_(std::move(columns)) {}
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  std::size_t width() const;
  std::string text() const;

 private:
  std::vector<std::size_t> widths() const;
  std::vector<Align> align_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace bpnet::app
