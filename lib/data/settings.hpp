#pragma once
// The `data` section of the YAML.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "spec/options.hpp"

namespace bpnet {

struct CsvSettings : Options {
  std::string delimiter = "auto";  // auto, or one byte; "tab" is a tab
  enum class Header : std::uint8_t { automatic, yes, no } header = Header::automatic;
  enum class Decimal : std::uint8_t { point, comma } decimal = Decimal::point;
  enum class Thousands : std::uint8_t {
    none,
    comma,
    point,
    blank,
    apostrophe,
    underscore
  } thousands = Thousands::none;  // between groups of three digits
  std::string comment;            // "" (none), or one byte that begins lines which are no rows
  std::int64_t skip_rows = 0;
  enum class Encoding : std::uint8_t {
    automatic,  // UTF-8, unless a byte order mark says UTF-16
    utf_8,
    latin1,
    windows_1252,
    utf_16le,
    utf_16be
  } encoding = Encoding::automatic;
  std::vector<std::string> missing = {"", "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "?"};
  void visit(Visitor&) override;
  /// Words that were given without "" are added to the default ones.
  void complete_missing();
};

struct SplitSettings : Options {
  Length validation{10, Length::Unit::percent}, test{20, Length::Unit::percent};
  std::int64_t seed = 42;
  enum class Stratify : std::uint8_t { automatic, yes, no } stratify = Stratify::automatic;
  // Columns; "": none.
  std::string group;   // rows of one group stay together
  std::string order;   // the first rows train, the last test
  std::string column;  // its cells say train, validation or test
  void visit(Visitor&) override;
};

struct SeriesSettings : Options {
  std::string time;  // columns; by may be "": all rows are one series
  std::string by;
  std::int64_t window = 48, horizon = 1, step = 1;
  std::vector<std::string> known;  // features
  enum class Layout : std::uint8_t { sequence, grid } layout = Layout::sequence;
  void visit(Visitor&) override;
  bool takes_value() const override { return true; }
};

struct DataSettings : Options {
  FileList file, train, validation, test;
  CsvSettings csv;
  std::vector<std::string> target;
  std::vector<std::string> features = {"*"};  // names, globs, positions from 1 (-1: the last)
  std::vector<std::string> ignore;
  std::string weight;    // a column; "": none
  ChoiceMap columns;     // name or glob: column type
  bool windows = false;  // series: none, or
  SeriesSettings series;
  SplitSettings split;
  void visit(Visitor&) override;
};

/// number, category, ...: what a column of a file may be (data/column_type.hpp).
extern const Table column_types;

}  // namespace bpnet
