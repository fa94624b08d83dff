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
  /// the cell's text; help is given once for each text. Of all columns together no more are told than may be
  /// noted of one, the first of each column before others.
  template <class Message, class Help>
  void add(const NotedCells& cells, const std::string& column, Message message, Help help) {
    std::set<std::string> helped;
    for (std::size_t i = 0; i < cells.first.size(); ++i) {
      const NotedCell& cell = cells.first[i];
      Found found{cell.row, i == 0, {lines_.of(cell), message(cell.text), {}}, column, 0};
      if (helped.insert(cell.text).second) found.problem.help = help(cell.text);
      if (i + 1 == cells.first.size()) found.others = cells.count - static_cast<std::int64_t>(i + 1);
      found_.push_back(std::move(found));
    }
  }
  bool empty() const { return found_.empty(); }
  /// Throws Error(data) if there are any.
  void finish();

 private:
  struct Found {
    std::int64_t row;
    bool first;  // of its column
    Problem problem;
    std::string column;
    std::int64_t others;  // more cells, of which this one is to tell
  };
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
/// A column of which no cell is what it is declared: the first cell is told, with the way out.
struct WrongDeclaration {
  std::string column, declaration;  // the latter as written: a name or a glob
  std::vector<std::string> others;  // columns of that declaration like it
  NotedCells cells;
};
void add_misfit_numbers(CellFaults& faults, const WrongDeclaration& misfit, char decimal);
void add_misfit_dates(CellFaults& faults, const WrongDeclaration& misfit, const std::string& format);
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
