#include "data/table_reader.hpp"

#include <algorithm>
#include <cassert>
#include <mutex>
#include <optional>
#include <shared_mutex>

#include "core/free_memory.hpp"
#include "data/block_queue.hpp"
#include "data/csv_cells.hpp"
#include "data/memory_need.hpp"
#include "data/words.hpp"
#include "math/threads.hpp"

namespace bpnet {

namespace {

void append_labels(const LabelColumn& part, LabelColumn& to) {
  std::vector<std::int32_t> renumbered;
  for (std::size_t code = 0; code < part.texts.size(); ++code)
    renumbered.push_back(to.texts.add(part.texts[code]));
  for (const std::int32_t code : part.codes)
    to.codes.push_back(code < 0 ? -1 : renumbered[static_cast<std::size_t>(code)]);
}

/// Reads one file's blocks and keeps what they gave in their order.
class FileReader {
 public:
  FileReader(const Source& source, const ReadPlan& plan, const std::vector<std::string>& missing)
      : file_(*source.file),
        missing_(missing_words(file_.dialect(), missing)),
        reader_(plan, source.columns, file_.dialect(), missing_, file_.shown()),
        json_(file_.json_records(wanted_columns(source, plan))) {}

  /// False if the file must be read with `careful`. Rows are numbered from `first_row` on.
  bool read(bool careful, std::int64_t first_row, FloatTable& table) {
    std::optional<RecordFlow> flow;
    if (!file_.plain()) flow.emplace(file_.records(json_.get()));
    queue_.emplace(file_, reader_.cells(), careful, first_row, flow ? &*flow : nullptr);
    blocks_.clear();
    constexpr double work_of_a_byte = 10;
    math::parallel(math::threads(), work_of_a_byte * static_cast<double>(file_.size()),
                   [&](std::ptrdiff_t) { work(table); });
    return queue_->finish();
  }
  std::int64_t rows() const { return queue_->rows(); }

  /// Adds what the blocks gave: columns to `to`, the rest to `out`. `strand`: which of the files side by side
  /// it is.
  void hand_over(RawTable& out, RawTable& to, RecordProblems& problems, std::size_t strand) {
    const auto all = static_cast<std::size_t>(rows());
    for (auto& exact : to.exacts) exact.reserve(exact.size() + all);
    for (LabelColumn& labels : to.labels) labels.codes.reserve(labels.codes.size() + all);
    for (Done& block : blocks_) {
      out.lines.add_block(block.first_row, block.first_line, std::move(block.lines), strand);
      problems.add(block.content);
      for (Findings& found : block.content.findings) found.in_strand(static_cast<int>(strand));
      append_block(std::move(block.content), to.exacts, to.labels, out.findings.back());
    }
    blocks_.clear();
  }

 private:
  struct Done {
    std::int64_t first_row, first_line;
    std::vector<std::int32_t> lines;
    BlockContent content;
  };

  /// The table has the room when this returns, and stays where it is as long as the lock is held.
  std::shared_lock<std::shared_mutex> lock_room(FloatTable& table, std::int64_t rows) {
    std::shared_lock reading(table_mutex_);
    while (table.most_rows() < rows) {
      reading.unlock();
      {
        const std::unique_lock growing(table_mutex_);
        if (table.most_rows() < rows) table.reserve(std::max(rows, 2 * table.most_rows()));
      }
      reading.lock();
    }
    return reading;
  }

  void work(FloatTable& table) {
    queue_->run([&](const Block& block) {
      const auto room = lock_room(table, block.first_row + block.records.count());
      Done done{block.first_row, block.first_line, record_lines(block.records, block.plain),
                reader_.read(block.records, block.first_row, block.first_line, table)};
      const std::lock_guard lock(mutex_);
      if (blocks_.size() <= block.number) blocks_.resize(block.number + 1);
      blocks_[block.number] = std::move(done);
    });
  }

  const TableFile& file_;
  const std::vector<std::string> missing_;
  BlockReader reader_;
  const std::unique_ptr<JsonRecords> json_;
  std::shared_mutex table_mutex_;
  std::optional<BlockQueue> queue_;
  std::mutex mutex_;
  std::vector<Done> blocks_;
};

std::int64_t most_rows(const Source& source) {
  if (!source.file->plain()) return 0;  // the table grows
  // Each cell takes a byte at least, its delimiter or line end; the last line end may be missing.
  return static_cast<std::int64_t>(source.file->size() / source.columns.size()) + 1;
}

RawTable empty_table(const ReadPlan& plan) {
  RawTable out;
  out.exacts.resize(static_cast<std::size_t>(plan.exacts));
  out.labels.resize(static_cast<std::size_t>(plan.labels));
  return out;
}

/// Reads a file's rows behind the rows of `out`: numbers, findings and lines into it, other columns into
/// `to`.
std::int64_t read_file(const Source& source, std::size_t strand, const ReadPlan& plan,
                       const std::vector<std::string>& missing, RawTable& out, RawTable& to,
                       RecordProblems& problems) {
  FileReader reader(source, plan, missing);
  const bool done = reader.read(false, out.rows, out.numbers) || reader.read(true, out.rows, out.numbers);
  assert(done);
  static_cast<void>(done);
  out.lines.begin_file(out.rows, source.file->shown(), strand, source.file->row_names());
  reader.hand_over(out, to, problems, strand);
  return reader.rows();
}

/// The columns of a file take their places in the last rows of `out`.
void lay_beside(const Source& source, const ReadPlan& plan, const RawTable& side, RawTable& out) {
  for (const int number : source.columns) {
    if (number < 0) continue;
    const ReadColumn& column = plan.columns[static_cast<std::size_t>(number)];
    const auto slot = static_cast<std::size_t>(column.slot);
    if (const int exact = column.kind == ReadColumn::Kind::exact ? column.slot : column.key; exact >= 0) {
      const auto& from = side.exacts[static_cast<std::size_t>(exact)];
      auto& to = out.exacts[static_cast<std::size_t>(exact)];
      std::copy(from.begin(), from.end(), to.end() - static_cast<std::ptrdiff_t>(from.size()));
    }
    if (column.kind != ReadColumn::Kind::label) continue;
    const LabelColumn& from = side.labels[slot];
    LabelColumn& to = out.labels[slot];
    to.codes.resize(to.codes.size() - from.codes.size());
    append_labels(from, to);
  }
}

Problem different_rows(const Source& source, std::int64_t rows, const Source& other, std::int64_t others) {
  Problem problem;
  problem.place.file = other.file->shown();
  problem.message = "the file has " + count_of(others, "row") + ", but " + source.file->shown() +
                    ", which is beside it, has " + std::to_string(rows);
  if (others + 1 == rows && other.file->dialect().names.size() == 1 && other.file->guessed_header())
    problem.help = {"its first row was read as a header; give it one if it has none"};
  return problem;
}

}  // namespace

const TableFile& Source::file_of(std::size_t column) const {
  for (const Source& other : beside)
    if (std::find(other.columns.begin(), other.columns.end(), static_cast<int>(column)) !=
        other.columns.end())
      return *other.file;
  return *file;
}

double Source::text_size() const {
  double size = file->text_size();
  for (const Source& other : beside) size += other.file->text_size();
  return size;
}

std::vector<char> wanted_columns(const Source& source, const ReadPlan& plan) {
  std::vector<char> wanted;
  for (const int c : source.columns)
    wanted.push_back(c >= 0 && plan.columns[static_cast<std::size_t>(c)].kind != ReadColumn::Kind::skip);
  return wanted;
}

std::vector<std::int32_t> record_lines(const Records& records, bool plain) {
  std::vector<std::int32_t> lines;
  if (plain) return lines;
  if (!records.lines.empty()) return records.lines;
  std::uint32_t at = 0;
  std::int32_t line = 0;
  for (const std::uint32_t start : records.starts) {
    line += static_cast<std::int32_t>(count_lines(records.text.substr(at, start - at)));
    lines.push_back(line);
    at = start;
  }
  return lines;
}

void RecordProblems::add(BlockContent& block) {
  others_ += block.other_problems;
  for (Problem& problem : block.problems) {
    if (first_.size() < noted_at_most)
      first_.push_back(std::move(problem));
    else
      ++others_;
  }
}

void RecordProblems::finish() {
  if (first_.empty()) return;
  if (others_ > 0)
    first_.back().help.push_back("and " + count_of(static_cast<std::int64_t>(others_), "more row") +
                                 " like these");
  throw Error(Fault::data, std::move(first_));
}

void append_block(BlockContent&& block, std::vector<std::vector<double>>& exacts,
                  std::vector<LabelColumn>& labels, std::vector<Findings>& findings) {
  for (std::size_t c = 0; c < block.findings.size(); ++c) findings[c].append(block.findings[c]);
  for (std::size_t i = 0; i < exacts.size(); ++i)
    exacts[i].insert(exacts[i].end(), block.exacts[i].begin(), block.exacts[i].end());
  for (std::size_t i = 0; i < labels.size(); ++i) append_labels(block.labels[i], labels[i]);
}

RawTable read_table(const std::vector<Source>& sources, const ReadPlan& plan,
                    const std::vector<std::string>& missing) {
  constexpr double surely_fits = 16e6;
  RawTable out = empty_table(plan);
  std::int64_t most = 0;
  double text = 0;
  for (const Source& source : sources) {
    most += most_rows(source);
    text += source.text_size();
  }
  if (text > surely_fits) demand_memory(memory_need(sources, plan), free_memory(), sources);
  out.numbers = FloatTable(most, plan.width);
  RecordProblems problems;
  std::vector<Problem> uneven;
  for (const Source& source : sources) {
    out.findings.emplace_back(plan.columns.size());
    const std::int64_t rows = read_file(source, 0, plan, missing, out, out, problems);
    for (std::size_t k = 0; k < source.beside.size(); ++k) {
      const Source& other = source.beside[k];
      RawTable side = empty_table(plan);
      const std::int64_t others = read_file(other, k + 1, plan, missing, out, side, problems);
      if (others != rows) uneven.push_back(different_rows(source, rows, other, others));
      if (others == rows) lay_beside(other, plan, side, out);
    }
    out.first_rows.push_back(out.rows);
    out.rows += rows;
  }
  out.first_rows.push_back(out.rows);
  problems.finish();
  if (!uneven.empty()) throw Error(Fault::data, std::move(uneven));
  return out;
}

}  // namespace bpnet
