#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "core/files.hpp"
#include "data/block_reader.hpp"
#include "data/csv_cells.hpp"
#include "data/other_rows.hpp"
#include "data/words.hpp"

namespace bpnet {

namespace {

constexpr std::size_t piece = std::size_t{1} << 18;  // bytes read at a time
constexpr std::size_t readable_behind = 16;          // what the kernels may read behind a cell

/// Text that comes in from a file or a pipe, of which the beginning is given away again.
class Inflow {
 public:
  explicit Inflow(const std::string& file) : shown_(file == "-" ? "standard input" : file) {
    if (file == "-") return;
    file_ = Descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file_) fail("cannot read");
  }
  const std::string& shown() const { return shown_; }
  std::string_view text() const { return {buffer_.data() + begin_, end_ - begin_}; }
  bool ended() const { return ended_; }
  void drop(std::size_t bytes) { begin_ += bytes; }
  /// Waits for more text; the views of before are invalid.
  void read() {
    if (begin_ > 0) std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    if (end_ > longest_text)
      throw Error(Fault::data, shown_ + " has a row longer than a gigabyte",
                  {"perhaps a quote is never closed"});
    if (buffer_.size() < end_ + piece + readable_behind)
      buffer_.resize(std::max(2 * end_, end_ + piece) + readable_behind);
    ssize_t n = 0;
    do n = ::read(file_ ? file_.number() : STDIN_FILENO, buffer_.data() + end_, piece);
    while (n < 0 && errno == EINTR);
    if (n < 0) fail("cannot read");
    ended_ = n == 0;
    end_ += static_cast<std::size_t>(n);
  }

 private:
  [[noreturn]] void fail(const char* what) const {
    throw Error(Fault::missing_input,
                std::string(what) + " '" + shown_ + "': " + std::generic_category().message(errno));
  }
  std::string shown_;
  Descriptor file_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;
  bool ended_ = false;
};

class CsvStream final : public RowStream {
 public:
  CsvStream(std::shared_ptr<const TableEncoding> encoding, const std::string& file)
      : encoding_(std::move(encoding)), in_(file), dialect_(open()) {
    plan_ = plan_other(*encoding_, dialect_, false, in_.shown());
    reader_.emplace(plan_.plan, plan_.columns, dialect_, encoding_->csv.missing, in_.shown());
  }

  std::shared_ptr<const Rows> next(std::int64_t limit) override {
    while (true) {
      advance();
      used_ =
          cut_records(in_.text(), in_.ended(), dialect_.delimiter, dialect_.names.size(), limit, records_);
      if (records_.count() > 0 || !records_.faults.empty()) return encode();
      if (in_.ended()) return nullptr;
      if (used_ == 0) in_.read();
    }
  }

  std::string_view cell(std::int64_t row, std::size_t column) const override {
    const auto r = static_cast<std::size_t>(row);
    const std::uint32_t* ends = records_.ends.data() + r * dialect_.names.size();
    const std::uint32_t begin = column == 0 ? records_.starts[r] : ends[column - 1] + 1;
    const char* const text = records_.text.data();
    return text_of(read_cell(text + begin, text + ends[column], dialect_.delimiter), scratch_);
  }

  std::size_t column(std::string_view name) const override {
    const auto& names = dialect_.names;
    const auto at = std::find(names.begin(), names.end(), name);
    if (at != names.end()) return static_cast<std::size_t>(at - names.begin());
    std::string all;
    for (const std::string& known : names) all += (all.empty() ? "" : ", ") + known;
    throw Error(Fault::data, in_.shown() + " has no column '" + std::string(name) + "'",
                {"its columns: " + all});
  }

  std::vector<Problem> warnings() const override { return unseen_.warnings(*encoding_); }

 private:
  Dialect open() {
    while (true) {
      in_.read();
      if (auto dialect = find_dialect(in_.text(), in_.ended(), encoding_->csv, in_.shown())) {
        line_ += count_lines(in_.text().substr(0, dialect->begin));
        in_.drop(dialect->begin);
        return *dialect;
      }
    }
  }

  /// Gives the last rows' text away.
  void advance() {
    line_ += count_lines(in_.text().substr(0, used_));
    in_.drop(used_);
    used_ = 0;
  }

  std::shared_ptr<const Rows> encode() {
    RawTable raw;
    raw.rows = records_.count();
    raw.numbers = FloatTable(raw.rows, plan_.plan.width);
    BlockContent content = reader_->read(records_, 0, line_, raw.numbers);
    RecordProblems problems;
    problems.add(content);
    problems.finish();
    raw.exacts.resize(static_cast<std::size_t>(plan_.plan.exacts));
    raw.labels.resize(static_cast<std::size_t>(plan_.plan.labels));
    raw.findings.emplace_back(plan_.plan.columns.size());
    raw.first_rows = {0, raw.rows};
    raw.lines.begin_file(0, in_.shown());
    raw.lines.add_block(0, line_, record_lines(records_, false));
    append_block(std::move(content), raw.exacts, raw.labels, raw.findings.back());
    check_other(*encoding_, plan_, raw, true);
    unseen_.add(*encoding_, plan_, raw);
    return std::make_shared<TableRows>(encoding_, std::move(raw), plan_.slots);
  }

  std::shared_ptr<const TableEncoding> encoding_;
  Inflow in_;
  std::int64_t line_ = 1;  // of the first byte of the text
  Dialect dialect_;
  OtherPlan plan_;
  std::optional<BlockReader> reader_;
  Records records_;
  std::size_t used_ = 0;
  UnseenLabels unseen_;
  mutable std::string scratch_;
};

}  // namespace

std::unique_ptr<RowStream> open_stream(std::shared_ptr<const Encoding> encoding, const std::string& file) {
  return std::make_unique<CsvStream>(std::dynamic_pointer_cast<const TableEncoding>(encoding), file);
}

}  // namespace bpnet
