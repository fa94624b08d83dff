#pragma once
// Reading other files the way the training files were read.

#include <map>
#include <set>

#include "data/csv_dialect.hpp"
#include "data/encoding.hpp"
#include "data/faults.hpp"
#include "data/picture_faults.hpp"
#include "data/rows.hpp"

namespace bpnet {

/// How the columns of another file are read for an encoding.
struct OtherPlan {
  ReadPlan plan;  // columns: features, targets, the weight if it is read, pixels, time and by of series
  Slots slots;
  std::vector<int> columns;  // by column of the file: column of the plan, -1: not read
  struct Pixels {            // columns of the plan that a feature is made of
    std::size_t feature = 0;
    std::vector<std::size_t> columns;
  };
  std::vector<Pixels> pixels;
  int times = -1, series = -1;  // of a model of series: slots of the exact and the label column
};

/// Matches columns by name. Throws Error(data) naming the features (and, if wanted, targets) that are
/// missing. Weights are read if targets are wanted and they are there. The plan points into the encoding.
OtherPlan plan_other(const TableEncoding& encoding, Dialect& dialect, bool targets_wanted,
                     const std::string& shown);

/// Features that JSON Lines with these columns lack and may lack: training rows missed some of their cells.
std::vector<std::string> absent_features(const TableEncoding& encoding, const Dialect& dialect);

/// Throws Error(data) with the cells that cannot be encoded: texts in numbers, and missing ones where the
/// encoding refuses them.
void check_other(const TableEncoding& encoding, const OtherPlan& plan, const RawTable& raw);

/// By row: whether it misses a cell that drops it (missing: drop); empty: there are no such columns.
std::vector<char> dropped_rows(const TableEncoding& encoding, const Slots& slots, const RawTable& raw);

/// Reads or makes the pictures of the rows, which take their places in `raw` and in the plan's slots. True
/// for each row whose picture cannot be read; empty: there is none. They are added to `skipped`. Throws
/// Error(data), also for such rows if the encoding does not skip them and more than `unanswered` are;
/// `read` reads the rows again by another plan.
std::vector<char> add_pictures(const TableEncoding& encoding, OtherPlan& plan, RawTable& raw,
                               const std::function<PictureOrigin(std::size_t column)>& origin_of,
                               const std::function<RawTable(const ReadPlan&)>& read,
                               std::vector<UnreadPictures>& skipped, std::int64_t unanswered);

/// What the model calls the lines that it reads.
std::string name_of_lines(const TableEncoding& encoding);

/// Columns of a folder of pictures or of IDX are called as the model calls its own.
void name_like(const TableEncoding& encoding, TableFile& file);

/// Counts labels that no training row had, over one or more tables.
class UnseenLabels {
 public:
  /// `targets`: theirs too.
  void add(const TableEncoding& encoding, const OtherPlan& plan, const RawTable& raw, bool targets);
  std::vector<Problem> warnings(const TableEncoding& encoding) const;

 private:
  struct Seen {
    std::int64_t rows = 0;
    std::set<std::string> texts;
  };
  std::map<std::size_t, Seen> columns_;  // by column of the plan
};

}  // namespace bpnet
