#pragma once
// A file's blocks of records, for several threads that take them in turn.

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>

#include "data/csv_records.hpp"
#include "data/table_file.hpp"

namespace bpnet {

struct Block {
  std::size_t number = 0;
  Records records;
  bool plain = false;      // each record is one line
  std::int64_t lines = 0;  // of a flow
  std::int64_t first_row = 0, first_line = 0;
};

/// Blocks begin at fixed offsets if the file has no quotes, so that threads cut them independently of each
/// other; else (careful) each where the one before ends. Files that are not plain come in a flow.
class BlockQueue {
 public:
  BlockQueue(const TableFile& file, std::size_t cells, bool careful, std::int64_t first_row,
             RecordFlow* flow = nullptr);
  /// Takes blocks until there are no more, and hands each to `use`. Several threads at once.
  void run(const std::function<void(const Block&)>& use);
  /// After all threads: false if a block could not be cut without care. Throws what a thread threw.
  bool finish() const;
  std::int64_t rows() const { return next_row_ - first_row_; }

 private:
  class Text;
  bool take_plain(Block& block, Text& text);
  bool take_careful(Block& block, Text& text);
  bool take_flowing(Block& block, RecordFlow::Piece& piece);
  bool number_rows(Block& block);            // waits for the blocks before; false: stopped
  bool stop(const std::exception_ptr& why);  // returns false

  const TableFile& file_;
  RecordFlow* const flow_;
  const std::size_t cells_;
  const bool careful_;
  const std::int64_t first_row_;
  std::mutex mutex_;
  std::condition_variable turn_;
  std::size_t next_block_ = 0, next_offset_ = 0;  // to take
  std::size_t numbered_ = 0;                      // blocks whose rows have numbers
  std::int64_t next_row_, next_line_;
  bool stopped_ = false;
  std::exception_ptr failure_;
};

}  // namespace bpnet
