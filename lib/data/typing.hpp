#pragma once
// What type a column is, by what its cells hold.

#include <string>
#include <vector>

#include "data/csv_number.hpp"
#include "data/select.hpp"
#include "data/table_reader.hpp"

namespace bpnet {

/// What is in the cells of a column of the training files.
struct Facts {
  std::int64_t cells = 0;  // not missing
  std::int64_t missing = 0;
  std::int64_t numbers = 0;  // of the cells
  std::int64_t padded = 0;   // of the numbers
  std::string padded_example;
  std::int64_t dates = 0;     // of the cells, as parse_date reads them or as declared
  std::int64_t distinct = 0;  // of a column of labels
};

/// How a column with a role is read and used.
struct ColumnUse {
  enum class As : std::uint8_t { none, number, category, date, image, text, sequence, classes } as = As::none;
  std::string why;
  Facts facts;
  ReadColumn::Kind kind() const;  // how its cells are kept
  bool exact = false;             // numbers are kept as they are: targets
};

/// What the first rows of the first training file tell of a column.
struct Guess {
  ReadColumn::Kind kind = ReadColumn::Kind::skip;  // to begin with
  bool one_number = false;                         // the same in all of them
};
std::vector<Guess> guess_columns(const Source& source, const Roles& roles, const CsvSettings& csv);

/// The facts of a column as it was read. `training`: is a source (a file) one of training rows?
Facts facts_of(const RawTable& raw, const ReadColumn& column, std::size_t number,
               const std::vector<bool>& training, NumberMarks marks);

/// The type of a column by the rules, or as declared. Undeclared columns without cells are none.
ColumnUse use_of_feature(const Facts& facts, const Choice* declared);

}  // namespace bpnet
