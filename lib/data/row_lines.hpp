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
  /// Rows from `first_row` on stand in the file shown as this, until the next call.
  void begin_file(std::int64_t first_row, std::string shown) {
    files_.push_back({first_row, std::move(shown)});
  }
  /// Rows from `first_row` on, ascending calls. `offsets`: line of each row minus first_line; empty: one row
  /// a line.
  void add_block(std::int64_t first_row, std::int64_t first_line, std::vector<std::int32_t> offsets) {
    blocks_.push_back({first_row, first_line, std::move(offsets)});
  }
  Place of(std::int64_t row) const;
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
  std::vector<File> files_;
  std::vector<Block> blocks_;
};

}  // namespace bpnet
