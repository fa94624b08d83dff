#pragma once
// One block of records into numbers and codes.

#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "data/csv_dialect.hpp"
#include "data/csv_records.hpp"
#include "data/float_table.hpp"
#include "data/read_plan.hpp"

namespace bpnet {

/// What a block gave. Numbers went into the table.
struct BlockContent {
  std::vector<Findings> findings;           // by column of the plan; none if nothing was found
  std::vector<std::vector<double>> exacts;  // (exact columns, records)
  std::vector<LabelColumn> labels;          // codes of the block's own dictionaries
  std::vector<Problem> problems;            // the first records that could not be cut
  std::size_t other_problems = 0;           // how many more there are
};

/// Reads blocks of one file; shared between threads.
class BlockReader {
 public:
  /// `columns`: by column of the file. `missing`: cells that count as missing.
  BlockReader(const ReadPlan& plan, const std::vector<int>& columns, const Dialect& dialect,
              const std::vector<std::string>& missing, std::string shown);
  std::size_t cells() const { return columns_.size(); }
  /// Records become rows from `first_row` on; their text begins in line `first_line` of the file.
  BlockContent read(const Records& records, std::int64_t first_row, std::int64_t first_line,
                    const FloatTable& table) const;

 private:
  friend class BlockPass;
  struct Step {  // columns in a row that are plain numbers side by side in the table, or one other column
    std::size_t first = 0;
    int count = 1;
    bool run = false;
  };
  bool is_missing(std::string_view text) const;

  const ReadPlan& plan_;
  std::vector<int> numbers_;         // by column of the file: column of the plan, -1: none
  std::vector<ReadColumn> columns_;  // by column of the file
  std::vector<Step> steps_;
  Dialect dialect_;
  const std::vector<std::string>& missing_;
  bool missing_are_words_ = true;  // else numbers count as missing, and every cell must be compared with them
  std::string shown_;
};

}  // namespace bpnet
