#include <algorithm>

#include "data/block_reader.hpp"
#include "data/other_rows.hpp"
#include "data/record_flow.hpp"
#include "data/table_file.hpp"
#include "data/unread_texts.hpp"
#include "data/words.hpp"

namespace bpnet {

namespace {

class TableStream final : public RowStream {
 public:
  TableStream(std::shared_ptr<const TableEncoding> encoding, const std::string& file)
      : encoding_(std::move(encoding)), shown_(file == "-" ? "standard input" : file) {
    open(file);
    plan_ = plan_other(*encoding_, dialect_, false, shown_);
    if (json_)
      for (std::size_t c = 0; c < plan_.columns.size(); ++c)
        if (plan_.columns[c] >= 0) json_->want(c);
    missing_ = missing_words(dialect_, encoding_->csv.missing);
  }

  std::shared_ptr<const Rows> next() override {
    line_ += piece_.lines;
    while (begun_ || flow_->next(piece_)) {
      begun_ = false;
      flow_->cut(piece_);
      if (piece_.records.count() > 0 || !piece_.records.faults.empty()) return encode();
      line_ += piece_.lines;
    }
    return nullptr;
  }

  std::string_view cell(std::int64_t row, std::size_t column) const override {
    const Records& records = piece_.records;
    const auto r = static_cast<std::size_t>(row);
    const std::uint32_t* ends = records.ends.data() + r * dialect_.names.size();
    const std::uint32_t begin = column == 0 ? records.starts[r] : ends[column - 1] + 1;
    const char* const text = records.text.data();
    return text_of(read_cell(text + begin, text + ends[column], dialect_.delimiter), scratch_);
  }

  std::size_t column(std::string_view name) override {
    const auto& names = dialect_.names;
    const auto at = std::find(names.begin(), names.end(), name);
    if (at == names.end()) {
      std::string all;
      for (const std::string& known : names) all += (all.empty() ? "" : ", ") + known;
      throw Error(Fault::data, shown_ + " has no column '" + std::string(name) + "'",
                  {"its columns: " + all});
    }
    const auto column = static_cast<std::size_t>(at - names.begin());
    if (json_) json_->want(column);
    return column;
  }

  std::span<const char> unread() const override { return unread_; }

  std::vector<Problem> warnings() const override {
    std::vector<Problem> out = unseen_.warnings(*encoding_);
    for (const UnreadPictures& pictures : skipped_)
      out.push_back(pictures.warning("the rows have no answer"));
    if (dropped_ > 0)
      out.push_back({{},
                     count_of(dropped_, "row") + (dropped_ == 1 ? " has" : " have") +
                         " a missing cell (missing: drop), and no answer",
                     {},
                     Severity::warning});
    for (Problem& problem : unread_texts_.unknown(*encoding_)) out.push_back(std::move(problem));
    for (Problem& problem : unread_texts_.cut(*encoding_, "row")) out.push_back(std::move(problem));
    return out;
  }
  bool lines() const override { return lines_; }

 private:
  bool open_lines(const std::string& file) {
    lines_ = encoding_->lines && (file == "-" || named_text(file));
    if (!lines_) return false;
    dialect_ = lines_dialect(name_of_lines(*encoding_));
    flow_.emplace(lines_flow(ByteFlow(file, shown_), encoding_->csv.encoding), "", dialect_, nullptr,
                  RecordFlow::Wait::for_records);
    return true;
  }

  /// A folder, a picture or IDX.
  bool open_made(const std::string& file) {
    if (file == "-") return false;
    std::error_code failed;
    const bool idx = std::filesystem::is_regular_file(file, failed) && holds_idx(file, shown_);
    if (!idx && !std::filesystem::is_directory(file, failed) && !named_picture(file)) return false;
    TableFile made(file, shown_, encoding_->csv);
    name_like(*encoding_, made);
    dialect_ = made.dialect();
    origin_ = {0, made.folder(), made.idx()};
    row_names_ = made.row_names();
    one_picture_ = named_picture(file) && !std::filesystem::is_directory(file, failed);
    flow_.emplace(made.records(nullptr));
    return true;
  }

  void open(const std::string& file) {
    piped_ = file == "-";
    if (open_lines(file) || open_made(file)) return;
    if (file != "-") origin_.folder = std::filesystem::path(file).parent_path();
    constexpr std::size_t first_look = std::size_t{1} << 16;
    const std::int64_t lines_needed = encoding_->csv.skip_rows + (encoding_->positions.empty() ? 2 : 1);
    TextFlow text(ByteFlow(file, shown_), encoding_->csv.encoding);
    std::string beginning;
    std::optional<Dialect> dialect;
    while (!dialect) {
      const std::size_t size = beginning.size(), room = std::max(first_look, size);
      beginning.resize(size + room);
      const std::size_t n = text.read(beginning.data() + size, room);
      beginning.resize(size + n);
      if (file == "-") refuse_idx(beginning, shown_);
      const bool blank = beginning.find_first_not_of(" \t\r\n") == std::string::npos;
      if (n > 0 && (blank || beginning.size() < 2)) continue;
      if (named_json_lines(file) || begins_with_object(beginning))
        return open_json(std::move(text), std::move(beginning));
      // A header alone does not tell the delimiter, and no row could be answered yet.
      const auto lines = std::count(beginning.begin(), beginning.end(), '\n');
      if (n > 0 && lines < lines_needed && beginning.size() < first_look) continue;
      dialect = find_dialect(beginning, n == 0, encoding_->csv, shown_);
    }
    dialect_ = std::move(*dialect);
    dialect_.blank_rows = dialect_.names.size() == 1;  // each row has an answer
    line_ = dialect_.line;
    flow_.emplace(std::move(text), std::move(beginning), dialect_, nullptr, RecordFlow::Wait::for_records);
  }

  /// The columns are the keys of the first objects and those that the model reads and knows how to miss.
  void open_json(TextFlow text, std::string beginning) {
    dialect_ = json_dialect(beginning);
    json_ = std::make_unique<JsonRecords>(dialect_.names, std::vector<char>{}, false);
    flow_.emplace(std::move(text), std::move(beginning), dialect_, json_.get(),
                  RecordFlow::Wait::for_records);
    JsonSurvey survey;
    begun_ = flow_->next(piece_);
    if (begun_) survey.add(piece_.text);
    survey.check(shown_);
    dialect_.names = survey.keys.names();
    for (const std::string& name : absent_features(*encoding_, dialect_)) dialect_.names.push_back(name);
    *json_ = JsonRecords(dialect_.names, std::vector<char>(dialect_.names.size(), 0), false);
  }

  RawTable read(const ReadPlan& plan) const {
    const Records& records = piece_.records;
    const BlockReader reader(plan, plan_.columns, dialect_, missing_, shown_);
    RawTable raw;
    raw.rows = records.count();
    raw.numbers = FloatTable(raw.rows, plan.width);
    BlockContent content = reader.read(records, 0, line_, raw.numbers);
    RecordProblems problems;
    problems.add(content);
    problems.finish();
    raw.exacts.resize(static_cast<std::size_t>(plan.exacts));
    raw.labels.resize(static_cast<std::size_t>(plan.labels));
    raw.findings.emplace_back(plan.columns.size());
    raw.first_rows = {0, raw.rows};
    raw.lines.begin_file(0, shown_, 0, row_names_, rows_before_);
    raw.lines.add_block(0, line_, record_lines(records, piece_.plain));
    append_block(std::move(content), raw.exacts, raw.labels, raw.findings.back());
    return raw;
  }

  std::shared_ptr<const Rows> encode() {
    RawTable raw = read(plan_.plan);
    // A file of which no picture in its first block can be read is an error; how many rows of a pipe come at
    // once is chance.
    check_other(*encoding_, plan_, raw);
    unseen_.add(*encoding_, plan_, raw, false);
    std::vector<UnreadPictures> skipped;
    unread_ = add_pictures(
        *encoding_, plan_, raw, [&](std::size_t) { return origin_; },
        [&](const ReadPlan& plan) { return read(plan); }, skipped,
        one_picture_ ? 0 : raw.rows - (rows_before_ == 0 && !piped_));
    for (UnreadPictures& pictures : skipped) {
      const auto known = std::find_if(skipped_.begin(), skipped_.end(), [&](const UnreadPictures& other) {
        return other.column == pictures.column;
      });
      if (known == skipped_.end())
        skipped_.push_back(std::move(pictures));
      else
        known->count += pictures.count;
    }
    const std::vector<char> dropped = dropped_rows(*encoding_, plan_.slots, raw);
    dropped_ += std::count(dropped.begin(), dropped.end(), 1);
    if (unread_.empty())
      unread_ = dropped;
    else
      for (std::size_t r = 0; r < dropped.size(); ++r) unread_[r] |= dropped[r];
    rows_before_ += raw.rows;
    auto rows = std::make_shared<TableRows>(encoding_, std::move(raw), plan_.slots);
    unread_texts_.add(*rows);
    return rows;
  }

  bool lines_ = false, one_picture_ = false, piped_ = false;
  std::shared_ptr<const TableEncoding> encoding_;
  std::string shown_;
  Dialect dialect_;
  std::unique_ptr<JsonRecords> json_;  // of JSON Lines
  std::optional<RecordFlow> flow_;
  RecordFlow::Piece piece_;
  std::int64_t line_ = 1;  // of the piece's first byte
  bool begun_ = false;     // the first piece is read and not yet cut
  OtherPlan plan_;
  std::vector<std::string> missing_;
  PictureOrigin origin_;
  RowLines::Names row_names_;
  std::int64_t rows_before_ = 0;  // those of the piece
  std::int64_t dropped_ = 0;      // rows
  UnseenLabels unseen_;
  UnreadTexts unread_texts_;
  std::vector<char> unread_;
  std::vector<UnreadPictures> skipped_;
  mutable std::string scratch_;
};

}  // namespace

std::unique_ptr<RowStream> open_stream(std::shared_ptr<const Encoding> encoding, const std::string& file) {
  auto table = std::dynamic_pointer_cast<const TableEncoding>(encoding);
  if (!table)
    throw Error(Fault::command_line, "this model writes texts, it has no answers for rows",
                {"bpnet generate RUN --prompt TEXT"});
  return std::make_unique<TableStream>(std::move(table), file);
}

}  // namespace bpnet
