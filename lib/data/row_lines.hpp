#pragma once
// Which line of which file a row begins in.

#include <cstdint>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "data/read_plan.hpp"

namespace bpnet {

class RowLines {
 public:
  /// Rows from `first_row` on stand in the file shown as this, until the next call for this strand: of files
  /// side by side, each is in a strand of its own.
  void begin_file(std::int64_t first_row, std::string shown, std::size_t strand = 0) {
    if (strands_.size() <= strand) strands_.resize(strand + 1);
    strands_[strand].files.push_back({first_row, std::move(shown)});
  }
  /// Rows from `first_row` on, ascending calls. `offsets`: line of each row minus first_line; empty: one row
  /// a line.
  void add_block(std::int64_t first_row, std::int64_t first_line, std::vector<std::int32_t> offsets,
                 std::size_t strand = 0) {
    strands_[strand].blocks.push_back({first_row, first_line, std::move(offsets)});
  }
  Place of(std::int64_t row, std::size_t strand = 0) const;
  Place of(const NotedCell& cell) const;

 private:
  struct File {
    std::int64_t first_row;
    std::string shown;
  };
  struct Block {
    std::int64_t first_row, first_line;
    std::vector<std::int32_t> offsets;
  };
  struct Strand {
    std::vector<File> files;
    std::vector<Block> blocks;
  };
  std::vector<Strand> strands_;
};

}  // namespace bpnet
