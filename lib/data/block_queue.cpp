#include "data/block_queue.hpp"

#include <algorithm>
#include <limits>

#include "core/error.hpp"
#include "data/csv_cells.hpp"

namespace bpnet {

namespace {
constexpr std::size_t block_size = std::size_t{1} << 20;
constexpr std::size_t longest_line = 64 * block_size;  // of files that are cut at fixed offsets
constexpr std::size_t read_behind = 16;  // bytes that the kernels may read behind a cell

bool has_lone_return(std::string_view text) {
  for (std::size_t at = text.find('\r'); at != std::string_view::npos; at = text.find('\r', at + 1))
    if (at + 1 == text.size() || text[at + 1] != '\n') return true;
  return false;
}

bool needs_care(std::string_view text) {
  return text.find('"') != std::string_view::npos || text.find('\0') != std::string_view::npos ||
         has_lone_return(text);
}
}  // namespace

BlockQueue::BlockQueue(const CsvFile& file, std::size_t cells, bool careful, std::int64_t first_row)
    : file_(file),
      cells_(cells),
      careful_(careful),
      first_row_(first_row),
      next_offset_(file.dialect().begin),
      next_row_(first_row),
      next_line_(count_lines(file.text().substr(0, file.dialect().begin)) + 1) {}

void BlockQueue::run(const std::function<void(const Block&)>& use) {
  Block block;
  std::string copy;
  try {
    while (take(block, copy) && number_rows(block)) {
      use(block);
      file_.file().release(block.begin, block.end);
    }
  } catch (...) {
    stop(std::current_exception());
  }
}

bool BlockQueue::finish() const {
  if (failure_) std::rethrow_exception(failure_);
  return !stopped_;
}

bool BlockQueue::take(Block& block, std::string& copy) {
  return careful_ ? take_careful(block, copy) : take_plain(block, copy);
}

std::size_t BlockQueue::record_start(std::size_t nominal) const {
  const std::string_view text = file_.text();
  if (nominal <= file_.dialect().begin) return file_.dialect().begin;
  if (nominal >= text.size()) return text.size();
  const std::size_t line = text.substr(0, std::min(text.size(), nominal + longest_line)).find('\n', nominal - 1);
  if (line != std::string_view::npos) return line + 1;
  return text.size() - nominal > longest_line ? std::string_view::npos : text.size();
}

bool BlockQueue::take_plain(Block& block, std::string& copy) {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return false;
    block.number = next_block_++;
  }
  const std::size_t nominal = file_.dialect().begin + block.number * block_size;
  if (nominal >= file_.text().size()) return false;
  block.begin = record_start(nominal);
  block.end = record_start(nominal + block_size);
  if (block.begin == std::string_view::npos || block.end == std::string_view::npos) {
    stop(nullptr);
    return false;
  }
  const std::string_view text = readable(block.begin, block.end, copy);
  block.plain = cut_plain(text, file_.dialect().delimiter, cells_, block.records);
  if (block.plain) return true;
  if (needs_care(text)) {
    stop(nullptr);
    return false;
  }
  cut_records(text, true, file_.dialect().delimiter, cells_, std::numeric_limits<std::int64_t>::max(), block.records);
  return true;
}

bool BlockQueue::take_careful(Block& block, std::string& copy) {
  const std::lock_guard lock(mutex_);
  const std::size_t size = file_.text().size();
  if (stopped_ || next_offset_ >= size) return false;
  for (std::size_t length = block_size;; length *= 2) {
    const std::size_t end = std::min(size, next_offset_ + length);
    const std::string_view text = readable(next_offset_, end, copy);
    const std::size_t used = cut_records(text, end == size, file_.dialect().delimiter, cells_,
                                         std::numeric_limits<std::int64_t>::max(), block.records);
    if (used > 0) {
      block.records.text = text.substr(0, used);
      block.begin = next_offset_;
      block.end = next_offset_ = std::min(size, next_offset_ + used);
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

std::string_view BlockQueue::readable(std::size_t begin, std::size_t end, std::string& copy) const {
  const std::string_view text = file_.text();
  if (end + read_behind <= text.size()) return text.substr(begin, end - begin);
  copy.assign(text.substr(begin, end - begin));
  if (end == text.size() && !copy.empty() && !ends_line(copy.back())) copy += '\n';
  const std::size_t length = copy.size();
  copy.append(read_behind, '\n');
  return std::string_view(copy).substr(0, length);
}

bool BlockQueue::number_rows(Block& block) {
  std::unique_lock lock(mutex_);
  turn_.wait(lock, [&] { return stopped_ || numbered_ == block.number; });
  if (stopped_) return false;
  block.first_row = next_row_;
  block.first_line = next_line_;
  next_row_ += block.records.count();
  next_line_ += block.plain ? block.records.count() : count_lines(block.records.text);
  ++numbered_;
  turn_.notify_all();
  return true;
}

void BlockQueue::stop(std::exception_ptr why) {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  if (why && !failure_) failure_ = why;
  turn_.notify_all();
}

}  // namespace bpnet
