#pragma once
// Problems with cells, told with their places.

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "data/row_lines.hpp"

namespace bpnet {

/// Gathers problems of cells and sorts them by place.
class CellFaults {
 public:
  explicit CellFaults(const RowLines& lines) : lines_(lines) {}
  /// One problem for each noted cell; the number of others is told with the last. `message` and `help` get
  /// the cell's text; help is given once for each text.
  template <class Message, class Help>
  void add(const NotedCells& cells, const std::string& column, Message message, Help help) {
    std::set<std::string> helped;
    for (std::size_t i = 0; i < cells.first.size(); ++i) {
      const NotedCell& cell = cells.first[i];
      Found found{cell.row, {lines_.of(cell), message(cell.text), {}}};
      if (helped.insert(cell.text).second) found.problem.help = help(cell.text);
      if (i + 1 == cells.first.size()) tell_others(cells, column, found.problem);
      found_.push_back(std::move(found));
    }
  }
  bool empty() const { return found_.empty(); }
  /// Throws Error(data) if there are any.
  void finish();

 private:
  struct Found {
    std::int64_t row;
    Problem problem;
  };
  static void tell_others(const NotedCells& cells, const std::string& column, Problem& problem);
  const RowLines& lines_;
  std::vector<Found> found_;
};

/// Why a column holds numbers: its cells do, the settings say so (of a table, or of what a folder's
/// sub-folders are called), or a model that exists wants them.
enum class KnownBy : std::uint8_t { cells, settings, settings_of_folder, model };

/// Cells of a column that must hold numbers and do not. `numbers`: how many do.
void add_bad_numbers(CellFaults& faults, const NotedCells& cells, const std::string& column, KnownBy why,
                     std::int64_t numbers, char decimal);
/// Cells of a column that must hold dates and do not. `format`: that of the column, or empty; `dates`: how
/// many do.
void add_bad_dates(CellFaults& faults, const NotedCells& cells, const std::string& column, KnownBy why,
                   const std::string& format, std::int64_t dates);
/// Cells of a column of sequences of numbers that hold something else.
void add_bad_sequences(CellFaults& faults, const NotedCells& cells, const std::string& column,
                       const std::string& separator);
/// Cells of a column that must not be missing.
void add_missing(CellFaults& faults, const NotedCells& cells, const std::string& column);
/// Cells that do not say how much a row counts.
void add_bad_weights(CellFaults& faults, const Findings& findings, const std::string& column);
/// Labels that are no text.
void add_not_utf8(CellFaults& faults, const NotedCells& cells, const std::string& column, KnownBy why);

}  // namespace bpnet
