#pragma once
// Which line of which file a row begins in.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "data/read_plan.hpp"

namespace bpnet {

class RowLines {
 public:
  /// Rows from `first_row` on stand in the file shown as this, until the next call for this strand: of files
  /// side by side, each is in a strand of its own.
  /// `names`, if not null: what its rows are called, which stand in no line then; the first of these rows is
  /// the one with the name at `first_name`.
  using Names = std::shared_ptr<const std::vector<std::string>>;
  void begin_file(std::int64_t first_row, std::string shown, std::size_t strand = 0, Names names = nullptr,
                  std::int64_t first_name = 0) {
    if (strands_.size() <= strand) strands_.resize(strand + 1);
    strands_[strand].files.push_back({first_row, std::move(shown), std::move(names), first_name});
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
    Names names;
    std::int64_t first_name;
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
