#pragma once
// What to keep of each column of a file, and what was found in reading it.

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/dictionary.hpp"

namespace bpnet {

class DateForm;
using Replacements = std::vector<std::pair<std::string, std::string>>;

struct ReadColumn {
  enum class Kind : std::uint8_t {
    skip,
    number,  // a float in column `slot` of the table, minus `origin`; missing: NaN
    exact,   // a double; missing: NaN
    label,   // a code of the text; missing: -1
    date     // its parts as floats, columns `slot` and on of the table; missing: NaN
  } kind = Kind::skip;
  int slot = 0;  // in the table, among the exact or among the label columns
  double origin = 0;
  int key = -1;  // of numbers and dates: an exact column that has the number, or days since 1970, too
  bool below_zero = true;                 // of exact ones: otherwise such are noted as bad
  const DateForm* date = nullptr;         // of dates
  const Replacements* replace = nullptr;  // of labels: from, to; before the text is looked at
  const std::function<bool(std::string_view)>* allowed = nullptr;  // of labels: others are noted as bad
};

/// By column of the data set.
struct ReadPlan {
  std::vector<ReadColumn> columns;
  int width = 0;  // of the table
  int exacts = 0, labels = 0;
};

/// A cell that a message is about.
struct NotedCell {
  std::int64_t row = 0;
  int line = 0;  // 0: the line the row begins in, 1: the next, ...
  int column = 0;
  std::string text;  // its beginning
  int strand = 0;    // which of the files side by side it is in
};
/// As many are kept for messages; the others are counted.
inline constexpr std::size_t noted_at_most = 20;

struct NotedCells {
  std::int64_t count = 0;
  std::vector<NotedCell> first;
  void add(NotedCell cell) {
    ++count;
    if (first.size() < noted_at_most) first.push_back(std::move(cell));
  }
  bool full() const { return first.size() >= noted_at_most; }
  void append(const NotedCells& other) {
    count += other.count;
    for (const NotedCell& cell : other.first)
      if (!full()) first.push_back(cell);
  }
};

/// Two of the dates of a column, by which is known how all are written.
struct SeenDates {
  std::string shortest, longest;
  void add(std::string_view cell) {
    if (shortest.empty() || cell.size() < shortest.size()) shortest = cell;
    if (cell.size() > longest.size()) longest = cell;
  }
  void append(const SeenDates& other) {
    if (other.shortest.empty()) return;
    add(other.shortest);
    add(other.longest);
  }
};

/// What a column of a file held.
struct Findings {
  NotedCells missing;
  NotedCells bad;              // kept as a number or a date, but none; a label that is not allowed
  NotedCells padded;           // numbers that start with a 0 before another digit
  NotedCells not_utf8;         // labels
  std::vector<char> replaced;  // by replacement: some cell was
  SeenDates dates;
  void in_strand(int strand) {
    for (NotedCells* cells : {&missing, &bad, &padded, &not_utf8})
      for (NotedCell& cell : cells->first) cell.strand = strand;
  }
  void append(const Findings& other) {
    missing.append(other.missing);
    bad.append(other.bad);
    padded.append(other.padded);
    not_utf8.append(other.not_utf8);
    dates.append(other.dates);
    replaced.resize(std::max(replaced.size(), other.replaced.size()));
    for (std::size_t i = 0; i < other.replaced.size(); ++i) replaced[i] |= other.replaced[i];
  }
};

/// A column kept as labels.
struct LabelColumn {
  Dictionary texts;
  std::vector<std::int32_t> codes;  // by row; -1: missing
};

}  // namespace bpnet
