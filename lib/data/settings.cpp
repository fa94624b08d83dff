#include "data/settings.hpp"

#include <algorithm>

namespace bpnet {

namespace {
constexpr const char* yes_or_no[] = {"auto", "true", "false"};
constexpr const char* decimal_marks[] = {".", ","};
constexpr const char* thousands_marks[] = {"none", ",", ".", " ", "'", "_"};
constexpr const char* layouts[] = {"sequence", "grid"};
constexpr const char* encodings[] = {"auto", "utf-8", "latin1", "windows-1252", "utf-16le", "utf-16be"};
}  // namespace

void CsvSettings::visit(Visitor& v) {
  v("delimiter", delimiter, "what stands between cells: auto, tab, blanks (one or more), or one character");
  v("header", header, yes_or_no, "whether the first row holds names; auto: if none of its cells is a number");
  v("decimal", decimal, decimal_marks, "what stands before the decimals of a number");
  v("thousands", thousands, thousands_marks,
    "what stands between groups of three digits, as in 1,234.5; a blank is also a no-break one");
  v.unless_empty("comment", comment, "none", "the character that begins lines to leave out");
  v("skip_rows", skip_rows, at_least(0), "lines to leave out at the beginning of the file");
  v("encoding", encoding, encodings,
    "what the text is written in; auto: UTF-8, or UTF-16 if its first bytes say so");
  v("missing", missing,
    "cells that count as missing; a list without \"\" is added to the default, and [] is none");
}

void CsvSettings::complete_missing() {
  if (missing.empty() || std::find(missing.begin(), missing.end(), "") != missing.end()) return;
  std::vector<std::string> all = CsvSettings().missing;
  for (std::string& word : missing)
    if (std::find(all.begin(), all.end(), word) == all.end()) all.push_back(std::move(word));
  missing = std::move(all);
}

void SplitSettings::visit(Visitor& v) {
  const auto share = [&](const char* name, Length& value, const char* help) {
    bool any = value.value != 0;
    v.optional(name, value, any, "none", help);
    if (!any) value.value = 0;
  };
  share("validation", validation, "share of the rows that choose the best epoch");
  share("test", test, "share of the rows that only judge the result");
  v("seed", seed, at_least(0), "draws the rows of each part");
  v("stratify", stratify, yes_or_no,
    "same shares of each class, or of each combination of them, in every part; auto: if all targets are "
    "classes");
  v.unless_empty("group", group, "none", "a column, no feature then: rows that agree in it stay in one part");
  v.unless_empty("order", order, "none",
                 "a column of numbers or dates: the rows that come last are the test, those before them the "
                 "validation rows");
  v.unless_empty("column", column, "none", "a column whose cells say train, validation or test");
}

void SeriesSettings::visit(Visitor& v) {
  v("time", time,
    "the column that puts rows in order; of dates it is a feature, too, of numbers if data.columns declares "
    "it");
  v.unless_empty("by", by, "none", "a column, no feature then: rows that agree in it are one series");
  v("window", window, between(1, 1 << 20), "steps (rows) that an answer is told from");
  v("horizon", horizon, between(0, 10000),
    "steps behind the window that are told: of several, each is a target (sales+1, sales+2, ...); 0: the "
    "target of the window's last row");
  v("step", step, at_least(1), "steps from the beginning of a window to that of the next");
  v.unless_empty("known", known, "none",
                 "features that are known ahead, such as holidays: each step of the window has them as of "
                 "horizon steps later, too");
  v("layout", layout, layouts,
    "a window as a sequence of steps, for recurrent layers and attention, or as a grid of steps and numbers, "
    "for conv1d, flatten and dense layers");
}

void DataSettings::visit(Visitor& v) {
  v.unless_empty("file", file, "none",
                 "rows as CSV or JSON Lines, cut into parts by split; a list: one file after another; "
                 "{column: file, ...}: side by side");
  v.unless_empty("train", train, "none",
                 "file of training rows; validation rows are cut from it unless they have a file");
  v.unless_empty("validation", validation, "none", "file of validation rows");
  v.unless_empty("test", test, "none", "file of test rows");
  v("csv", csv, "how the files are written");
  v.unless_empty("target", target, "none", "the column to learn, or a list of them");
  v("features", features, "columns to learn from: names, globs, positions from 1 (-1: the last)");
  v("ignore", ignore, "columns that are no features: names, globs, positions");
  v.unless_empty("weight", weight, "none", "a column, no feature then: how much a row counts, 0 or more");
  v.choice_map(
      {"columns",
       "types of columns, by name or glob; a glob of stars alone declares nothing, but gives its options to "
       "features of its type that have no entry of their own: \"*\": {number: {scale: quantile}}, \"**\": "
       "{category: {min_count: 5}}"},
      columns, column_types);
  v.optional("series", series, windows, "none",
             "rows are steps of a series, and windows of them are learnt from");
  v("split", split, "how rows are cut into parts");
}

}  // namespace bpnet
