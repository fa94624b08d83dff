#include "data/block_queue.hpp"

#include <algorithm>
#include <vector>

#include "core/error.hpp"
#include "core/memory.hpp"
#include "data/csv_cells.hpp"
#include "math/text.hpp"

namespace bpnet {

namespace {
constexpr std::size_t block_size = std::size_t{1} << 18;    // fits a core's cache
constexpr std::size_t longest_line = std::size_t{1} << 26;  // of files that are cut at fixed offsets
}  // namespace

BlockQueue::BlockQueue(const TableFile& file, std::size_t cells, bool careful, std::int64_t first_row,
                       RecordFlow* flow)
    : file_(file),
      flow_(flow),
      cells_(cells),
      careful_(careful),
      first_row_(first_row),
      next_offset_(file.dialect().begin),
      next_row_(first_row),
      next_line_(file.dialect().line) {}

/// A stretch of the file in memory, with bytes behind it that the kernels may read. It lies to lines of the
/// cache as it does in the file: processors copy such text several times as fast.
class BlockQueue::Text {
 public:
  explicit Text(const TableFile& file) : file_(file) {}
  void begin_at(std::size_t offset) {
    begin_ = offset;
    size_ = 0;
  }
  /// Reads on, up to the byte `end` of the file or its end.
  void extend_to(std::size_t end) {
    const std::size_t size = std::min(end, file_.size()) - begin_;
    make_room(begin_ % line + size + 1 + math::readable_behind);
    file_.read(begin_ + size_, begin_ + size, text() + size_);
    size_ = size;
  }
  bool whole() const { return begin_ + size_ == file_.size(); }
  /// At the end of the file with a line end, whether it has one or not.
  std::string_view view() {
    if (!whole() || size_ == 0 || ends_line(text()[size_ - 1])) return {text(), size_};
    text()[size_] = '\n';
    return {text(), size_ + 1};
  }

 private:
  static constexpr std::size_t line = 64;
  char* text() const { return reinterpret_cast<char*>(bytes_.data()) + begin_ % line; }
  void make_room(std::size_t size) {
    if (bytes_.size() >= size) return;
    Memory more(size + size / 8);
    std::copy_n(text(), size_, reinterpret_cast<char*>(more.data()) + begin_ % line);
    bytes_ = std::move(more);
  }

  const TableFile& file_;
  Memory bytes_;
  std::size_t begin_ = 0, size_ = 0;
};

void BlockQueue::run(const std::function<void(const Block&)>& use) {
  Block block;
  Text text(file_);
  RecordFlow::Piece piece;
  const auto take = [&] {
    if (flow_) return take_flowing(block, piece);
    return careful_ ? take_careful(block, text) : take_plain(block, text);
  };
  try {
    while (take() && number_rows(block)) use(block);
  } catch (...) {
    stop(std::current_exception());
  }
}

bool BlockQueue::finish() const {
  if (failure_) std::rethrow_exception(failure_);
  return !stopped_;
}

bool BlockQueue::take_plain(Block& block, Text& text) {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return false;
    block.number = next_block_++;
  }
  // The block has the lines that begin in [nominal, nominal_end): those behind the first line end from the
  // byte before it on.
  const std::size_t nominal = next_offset_ + block.number * block_size, nominal_end = nominal + block_size;
  if (nominal >= file_.size()) return false;
  const std::size_t begin = block.number == 0 ? nominal : nominal - 1;
  text.begin_at(begin);
  std::size_t end = std::string_view::npos;
  for (std::size_t more = 1024; end == std::string_view::npos; more *= 4) {
    text.extend_to(nominal_end + more);
    const std::string_view view = text.view();
    const std::size_t line =
        nominal_end - 1 - begin < view.size() ? view.find('\n', nominal_end - 1 - begin) : view.npos;
    if (line != view.npos)
      end = line + 1;
    else if (text.whole())
      end = view.size();
    else if (more > longest_line)
      return stop(nullptr);
  }
  const std::string_view view = text.view();
  const std::size_t skipped = block.number == 0 ? 0 : std::min(end, view.find('\n') + 1);
  const std::string_view lines = view.substr(skipped, end - skipped);
  block.plain = cut_plain(lines, file_.dialect(), cells_, block.records);
  if (block.plain) return true;
  if (needs_care(lines)) return stop(nullptr);
  cut_records(lines, true, file_.dialect(), cells_, all_records, block.records);
  return true;
}

bool BlockQueue::take_careful(Block& block, Text& text) {
  const std::lock_guard lock(mutex_);
  if (stopped_ || next_offset_ >= file_.size()) return false;
  text.begin_at(next_offset_);
  for (std::size_t length = block_size;; length *= 2) {
    text.extend_to(next_offset_ + length);
    const std::string_view view = text.view();
    const std::size_t used =
        cut_records(view, text.whole(), file_.dialect(), cells_, all_records, block.records);
    if (used > 0) {
      block.records.text = view.substr(0, used);
      next_offset_ += used;
      break;
    }
    if (length > longest_text / 2)
      throw Error(Fault::data, file_.shown() + " has a row longer than a gigabyte",
                  {"perhaps a quote is never closed"});
  }
  block.plain = false;
  block.number = next_block_++;
  return true;
}

bool BlockQueue::take_flowing(Block& block, RecordFlow::Piece& piece) {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_ || !flow_->next(piece)) return false;
    block.number = next_block_++;
  }
  flow_->cut(piece);
  std::swap(block.records, piece.records);  // both keep their memory
  block.plain = piece.plain;
  block.lines = piece.lines;
  return true;
}

bool BlockQueue::number_rows(Block& block) {
  std::unique_lock lock(mutex_);
  turn_.wait(lock, [&] { return stopped_ || numbered_ == block.number; });
  if (stopped_) return false;
  block.first_row = next_row_;
  block.first_line = next_line_;
  next_row_ += block.records.count();
  next_line_ += block.plain ? block.records.count() : flow_ ? block.lines : count_lines(block.records.text);
  ++numbered_;
  turn_.notify_all();
  return true;
}

bool BlockQueue::stop(const std::exception_ptr& why) {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  if (why && !failure_) failure_ = why;
  turn_.notify_all();
  return false;
}

}  // namespace bpnet
