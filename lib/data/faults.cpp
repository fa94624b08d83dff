#include "data/faults.hpp"

#include <algorithm>

#include "data/alike.hpp"
#include "data/csv_number.hpp"
#include "data/settings.hpp"
#include "data/words.hpp"
#include "text/symbols.hpp"
#include "text/utf8.hpp"

namespace bpnet {

void CellFaults::finish() {
  if (found_.empty()) return;
  const auto by_place = [](const Found& a, const Found& b) {
    return a.row != b.row ? a.row < b.row : a.problem.place.column < b.problem.place.column;
  };
  std::int64_t untold = 0;
  if (found_.size() > noted_at_most) {
    std::stable_sort(found_.begin(), found_.end(), [&](const Found& a, const Found& b) {
      return a.first != b.first ? a.first : by_place(a, b);
    });
    for (std::size_t i = noted_at_most; i < found_.size(); ++i) untold += 1 + found_[i].others;
    found_.erase(found_.begin() + noted_at_most, found_.end());
  }
  std::stable_sort(found_.begin(), found_.end(), by_place);
  std::vector<Problem> problems;
  for (Found& found : found_) {
    if (found.others > 0)
      found.problem.help.push_back("and " + count_of(found.others, "more cell") + " of column '" +
                                   found.column + "'");
    problems.push_back(std::move(found.problem));
  }
  if (untold > 0) problems.back().help.push_back("and " + count_of(untold, "more cell") + " like these");
  throw Error(Fault::data, std::move(problems));
}

namespace {

/// What else than words a cell may be that is no number.
std::vector<std::string> other_ways_to_write(const std::string& text, char decimal) {
  const char other = decimal == '.' ? ',' : '.';
  std::vector<std::string> help;
  if (beyond_float(text, decimal)) help.push_back("numbers go up to 3.4e38");
  if (other == ',' && text.find(decimal) == std::string::npos && parse_number(text, other))
    help.push_back("if a comma stands before the decimals: data.csv.decimal: \",\"");
  if (parse_number(text, {decimal, other}))
    help.push_back(std::string("if its digits come in groups of three: data.csv.thousands: \"") + other +
                   "\"");
  return help;
}

/// How a cell that is no number can be mended.
std::vector<std::string> ways_out(const std::string& text, const std::string& column, KnownBy why,
                                  char decimal) {
  if (why == KnownBy::settings_of_folder)
    return {"its cells are the names of sub-folders: take the declaration away, or call these by numbers"};
  if (find_no_utf8(text) != std::string::npos) return {other_encoding};
  if (text == column) return {"this row repeats the header: take it out"};
  if (why == KnownBy::model) {
    const char other = decimal == '.' ? ',' : '.';
    if (text.find(decimal) != std::string::npos || !parse_number(text, other))
      return {"leave it empty if it is missing"};
    return {std::string("write a ") + (decimal == '.' ? "point" : "comma") +
            " before the decimals, as in the training file"};
  }
  std::vector<std::string> help = other_ways_to_write(text, decimal);
  std::string line = "count it as missing (data.csv.missing: [" + in_yaml(text) + "])";
  if (why == KnownBy::cells)
    line += " or make the column a category (data.columns: {" + in_yaml(column) + ": category})";
  help.push_back(std::move(line));
  return help;
}

}  // namespace

void add_bad_numbers(CellFaults& faults, const NotedCells& cells, const std::string& column, KnownBy why,
                     std::int64_t numbers, char decimal) {
  const std::string is = why == KnownBy::model   ? "is a number to this model"
                         : why != KnownBy::cells ? "is declared a number"
                                                 : "is a number in " + count_of(numbers, "row");
  faults.add(
      cells, column,
      [&](const std::string& text) {
        return "column '" + column + "' " + is + ", but this cell is " + in_quotes(text);
      },
      [&](const std::string& text) { return ways_out(text, column, why, decimal); });
}

namespace {

/// `ways`: of writing such a thing.
template <class Ways>
void add_misfit(CellFaults& faults, const WrongDeclaration& misfit, const std::string& thing, Ways ways) {
  NotedCells first{misfit.cells.count, {misfit.cells.first.front()}};
  faults.add(
      first, misfit.column,
      [&](const std::string& text) {
        return "column '" + misfit.column + "' is declared a " + thing +
               ", and none of its cells is one, such as this: " + in_quotes(text);
      },
      [&](const std::string& text) {
        std::vector<std::string> help =
            find_no_utf8(text) != std::string::npos ? std::vector<std::string>{other_encoding} : ways(text);
        help.push_back("if it is something else: data.columns: {" + in_yaml(misfit.declaration) +
                       ": category}, or text");
        for (std::string& line : more_columns(misfit.others)) help.push_back(std::move(line));
        return help;
      });
}

/// "date" or "date of the form '%d/%m/%Y'"
std::string date_of(const std::string& format) {
  return format.empty() ? "date" : "date of the form '" + format + "'";
}

std::string other_format(const std::string& column, const char* format = "%d/%m/%Y") {
  return "dates of another form: data.columns: {" + in_yaml(column) + ": {date: {format: \"" + format +
         "\"}}}";
}

}  // namespace

void add_misfit_numbers(CellFaults& faults, const WrongDeclaration& misfit, char decimal) {
  add_misfit(faults, misfit, "number",
             [&](const std::string& text) { return other_ways_to_write(text, decimal); });
}

void add_misfit_dates(CellFaults& faults, const WrongDeclaration& misfit, const std::string& format) {
  add_misfit(faults, misfit, date_of(format), [&](const std::string&) {
    return std::vector<std::string>{
        other_format(misfit.declaration, format == "%d/%m/%Y" ? "%Y-%m-%d" : "%d/%m/%Y")};
  });
}

void add_bad_dates(CellFaults& faults, const NotedCells& cells, const std::string& column, KnownBy why,
                   const std::string& format, std::int64_t dates) {
  const std::string is = why == KnownBy::cells   ? "is a date in " + count_of(dates, "row")
                         : why == KnownBy::model ? "is a " + date_of(format) + " to this model"
                                                 : "is declared a " + date_of(format);
  faults.add(
      cells, column,
      [&](const std::string& text) {
        return "column '" + column + "' " + is + ", but this cell is " + in_quotes(text);
      },
      [&](const std::string& text) {
        std::vector<std::string> help;
        if (why == KnownBy::model) return std::vector<std::string>{"leave it empty if it is missing"};
        if (format.empty()) help.push_back(other_format(column));
        std::string line = "count it as missing (data.csv.missing: [" + in_yaml(text) + "])";
        if (why == KnownBy::cells)
          line += " or make the column a category (data.columns: {" + in_yaml(column) + ": category})";
        help.push_back(std::move(line));
        return help;
      });
}

namespace {
/// What may stand between numbers of a sequence instead of its separator.
const char* other_separator(std::string_view cell, const std::string& separator) {
  for (const char* other : {";", "|", ",", "/", " "})
    if (other != separator && cell.find(other) != std::string_view::npos) return other;
  return nullptr;
}

bool misses_elements(std::string_view cell, const std::string& separator) {
  const std::vector<std::string> words = CsvSettings().missing;
  bool misses = false;
  split_parts(cell, separator, [&](std::string_view part) {
    misses = std::find(words.begin(), words.end(), part) != words.end();
    return !misses;
  });
  return misses;
}
}  // namespace

void add_bad_sequences(CellFaults& faults, const NotedCells& cells, const std::string& column,
                       const std::string& separator) {
  faults.add(
      cells, column,
      [&](const std::string& text) {
        return "column '" + column +
               "' is a sequence of numbers, but in this cell something else is: " + in_quotes(text);
      },
      [&](const std::string& text) {
        if (misses_elements(text, separator))
          return std::vector<std::string>{"elements of a sequence cannot be missing: fill them in"};
        std::vector<std::string> help;
        if (const char* other = other_separator(text, separator))
          help.push_back("if something else stands between the numbers: data.columns: {" + in_yaml(column) +
                         ": {sequence: {separator: \"" + other + "\"}}}");
        help.push_back("if they are no numbers: data.columns: {" + in_yaml(column) +
                       ": {sequence: symbols}}");
        return help;
      });
}

void add_missing(CellFaults& faults, const NotedCells& cells, const std::string& column) {
  faults.add(
      cells, column,
      [&](const std::string& text) {
        return "column '" + column + "' may not miss cells (missing: error), but this one is " +
               in_quotes(text);
      },
      [&](const std::string&) { return std::vector<std::string>{}; });
}

void add_bad_weights(CellFaults& faults, const Findings& findings, const std::string& column) {
  for (const NotedCells* cells : {&findings.bad, &findings.missing})
    faults.add(
        *cells, column,
        [&](const std::string& text) {
          return "a cell of the weight column '" + column + "' is a number of 0 or more, but this one is " +
                 in_quotes(text);
        },
        [](const std::string&) { return std::vector<std::string>{}; });
}

void add_not_utf8(CellFaults& faults, const NotedCells& cells, const std::string& column, KnownBy why) {
  faults.add(
      cells, column, [&](const std::string&) { return "this cell of column '" + column + "' is not UTF-8"; },
      [&](const std::string&) {
        return std::vector<std::string>{why == KnownBy::model ? "save the file as UTF-8" : other_encoding};
      });
}

}  // namespace bpnet
