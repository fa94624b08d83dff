// Rows in, rows out, in order: kept columns, then the prediction of each target.

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <numeric>

#include "command.hpp"
#include "console.hpp"
#include "data/series_rows.hpp"
#include "data/table_file.hpp"
#include "own_rows.hpp"
#include "tasks/rows_at_once.hpp"
#include "train/job.hpp"
#include "train/run_folder.hpp"

namespace bpnet::app::command_entries {

namespace {

// Every batch has as many rows, the last ones once more if need be: so the answer for a row does not depend
// on how many came in with it.
constexpr std::int64_t most_rows = 256;

struct PredictAsked {
  std::string model, file, stage = "predictions";
  std::vector<std::string> keep;
  int threads = 0;
};

// A cell as CSV needs it.
void write_cell(fmt::memory_buffer& out, std::string_view cell) {
  const bool quote = cell.find_first_of(",\"\n\r") != std::string_view::npos ||
                     (!cell.empty() && (cell[0] == ' ' || cell.back() == ' '));
  if (!quote) {
    out.append(cell.data(), cell.data() + cell.size());
    return;
  }
  out.push_back('"');
  for (char c : cell) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  out.push_back('"');
}

std::string as_cell(std::string_view text) {
  fmt::memory_buffer out;
  write_cell(out, text);
  return fmt::to_string(out);
}

template <class Number>
void write_number(fmt::memory_buffer& out, Number value) {
  char text[64];
  out.append(text, fmt::format_to(text, FMT_COMPILE("{}"), value));
}

class Writer {
 public:
  /// `stream`: null for windows of series, which are no rows of a file.
  Writer(const PredictAsked& asked, Model& model, RowStream* stream)
      : asked_(asked),
        model_(model),
        stream_(stream),
        series_(model.encoding->series()),
        targets_(model.learner->targets()),
        tells_(model.learner->tells_texts()) {
    for (const std::string& name : asked.keep) kept_.push_back(stream->column(name));
    several_ = std::any_of(targets_.begin(), targets_.end(),
                           [&](const TargetKind& t) { return t.column_name() != targets_[0].column_name(); });
    for (const TargetKind& t : targets_) {
      labels_.emplace_back();
      for (const std::string& label : t.labels) labels_.back().push_back(as_cell(label));
    }
  }

  void header() {
    if (tells_ && stream_->lines() && kept_.empty()) return;
    if (series_ && !series_->by.empty()) cell(series_->by);
    if (series_) cell(series_->time);
    if (in_steps()) cell("step");
    for (const std::string& name : asked_.keep) cell(name);
    if (asked_.stage == "inputs") {
      for (const InputPort& port : model_.encoding->inputs())
        if (port.port.time > 0)
          cell(fmt::format("{}.{}", port.stack, port.name));
        else
          for (int i = 0; i < port.port.width(); ++i)
            cell(fmt::format("{}.{}[{}]", port.stack, port.name, i + 1));
    } else {
      for (const TargetKind& t : targets_)
        if (t.ahead <= 1 || asked_.stage == "logits") target_header(t);
    }
    answer_cells_ = cells_ - kept_.size();
    end_row();
  }

  void rows(const Rows& rows) {
    for (std::int64_t first = 0; first < rows.count(); first += batch_rows_)
      batch(rows, first, std::min(batch_rows_, rows.count() - first));
    flush();
  }

  /// What comes behind each window, a row a step; or, with horizon 0, what it is.
  void windows(const OtherRows& other) {
    const auto& rows = dynamic_cast<const SeriesRows&>(*other.rows);
    const std::vector<std::int64_t>& which = other.which;
    for (std::size_t at = 0; at < which.size(); at += static_cast<std::size_t>(batch_rows_)) {
      const std::size_t count = std::min(which.size() - at, static_cast<std::size_t>(batch_rows_));
      batch_.assign(static_cast<std::size_t>(batch_rows_), which[at + count - 1]);
      std::copy_n(which.begin() + static_cast<std::ptrdiff_t>(at), count, batch_.begin());
      const Inferred inferred = model_.learner->infer(rows, batch_);
      for (std::size_t row = 0; row < count; ++row)
        for (int step = 0; step < (in_steps() ? series_->heads() : 1); ++step) {
          if (!series_->by.empty()) cell(rows.series_of(batch_[row]));
          when(in_steps() ? rows.time_ahead(batch_[row], step + 1) : rows.time_of(batch_[row]),
               other.time_format);
          if (in_steps()) cell(std::to_string(step + 1));
          stage(inferred, row, step);
          end_row();
        }
      flush();
    }
  }

  void flush() {
    if (std::fwrite(out_.data(), 1, out_.size(), stdout) != out_.size() || std::fflush(stdout) != 0)
      throw Error(Fault::cannot_write, "cannot write to standard output");
    out_.clear();
  }

 private:
  void batch(const Rows& rows, std::int64_t first, std::int64_t count) {
    if (tells_) {
      texts(rows, first, count);
      return;
    }
    const auto read = [this](std::int64_t row) { return is_read(row); };
    batch_.assign(static_cast<std::size_t>(batch_rows_), first + count - 1);
    std::iota(batch_.begin(), batch_.begin() + count, first);
    const auto good = std::find_if(batch_.begin(), batch_.end(), read);
    const bool any = good != batch_.end();
    if (any) std::replace_if(batch_.begin(), batch_.end(), std::not_fn(read), std::int64_t{*good});
    const Inferred inferred = any ? model_.learner->infer(rows, batch_) : Inferred{};
    for (std::int64_t row = 0; row < count; ++row) {
      for (std::size_t column : kept_) cell(stream_->cell(first + row, column));
      if (is_read(first + row))
        stage(inferred, static_cast<std::size_t>(row), 0);
      else
        no_answer();
      end_row();
    }
  }

  bool is_read(std::int64_t row) const {
    const std::span<const char> unread = stream_->unread();
    return unread.empty() || !unread[static_cast<std::size_t>(row)];
  }

  void no_answer() {
    for (std::size_t i = 0; i < answer_cells_; ++i) separate();
    if (cells_ == 1) out_.append(std::string_view("\"\""));  // else the line would be blank
  }

  void stage(const Inferred& inferred, std::size_t row, int step) {
    if (asked_.stage == "inputs")
      views(inferred.inputs, row);
    else if (asked_.stage == "logits")
      views(inferred.logits, row);
    else
      answers(inferred, row, step);
  }

  /// Empty where steps are irregular and the file does not say.
  void when(const std::optional<double>& time, const std::string& format) {
    cell(time ? time_text(*series_, *time, format) : std::string());
  }

  /// A row for each step that is told; the other stages are of the whole window.
  bool in_steps() const { return series_ && series_->horizon > 0 && asked_.stage == "predictions"; }

  // Lines for lines, or a cell a row.
  void texts(const Rows& rows, std::int64_t first, std::int64_t count) {
    batch_.resize(static_cast<std::size_t>(count));
    std::iota(batch_.begin(), batch_.end(), first);
    const std::vector<std::string> told = model_.learner->tell(rows, batch_);
    const bool lines = stream_->lines() && kept_.empty();
    for (std::size_t row = 0; row < told.size(); ++row) {
      for (std::size_t column : kept_) cell(stream_->cell(batch_[row], column));
      if (!is_read(batch_[row]) || (!lines && told[row].empty()))
        no_answer();
      else if (lines)
        for (const char c : told[row]) out_.push_back(c == '\n' || c == '\r' ? ' ' : c);
      else
        cell(told[row]);
      end_row();
    }
  }

  void target_header(const TargetKind& t) {
    const bool kept = std::find(asked_.keep.begin(), asked_.keep.end(), t.name) != asked_.keep.end();
    const std::string& name = asked_.stage == "logits" ? t.name : t.column_name();
    const std::string prefix = several_ ? name + "=" : "";
    if (asked_.stage == "logits") {
      const int width = model_.learner->logit_width(index_of(t));
      for (int i = 0; i < width; ++i) cell(fmt::format("logit({}{})", prefix, logit_name(t, width, i)));
      return;
    }
    cell(kept ? name + "_predicted" : name);
    if (tells_) return;
    for (const std::string& label : t.labels) cell(fmt::format("p({}{})", prefix, label));
    if (t.classes) return;
    for (const Answer& answer : t.answers) {
      if (answer.kind == Answer::Kind::quantile) cell(fmt::format("{}_q{}", name, answer.level));
      if (answer.kind == Answer::Kind::deviation) cell(name + "_deviation");
    }
  }
  static std::string logit_name(const TargetKind& t, int width, int i) {
    if (!t.classes) return width == 1 ? t.name : fmt::format("{}[{}]", t.name, i + 1);
    return width == 1 ? t.labels.back() : t.labels[static_cast<std::size_t>(i)];
  }
  std::size_t index_of(const TargetKind& t) const { return static_cast<std::size_t>(&t - targets_.data()); }

  void views(std::span<const View> all, std::size_t row) {
    for (const View& v : all) {
      const auto width = static_cast<std::size_t>(v.width()),
                 begin = row * width * static_cast<std::size_t>(v.steps);
      const bool steps = v.port.time > 0;  // they share a cell
      const std::size_t count = steps ? width * static_cast<std::size_t>(v.lengths[row]) : width;
      for (std::size_t i = 0; i < count; ++i) {
        if (steps && i > 0)
          out_.push_back(' ');
        else
          separate();
        if (v.port.type == Type::i32)
          write_number(out_, v.integers()[begin + i]);
        else
          write_number(out_, v.reals()[begin + i]);
      }
    }
  }
  void answers(const Inferred& inferred, std::size_t row, int step) {
    for (std::size_t t = 0; t < targets_.size(); ++t) {
      if (targets_[t].ahead > 0 && targets_[t].ahead != step + 1) continue;
      const std::size_t width = targets_[t].answers.size();
      const auto answer = inferred.answers[t].subspan(row * width, width);
      if (targets_[t].classes) {
        const auto best = std::max_element(answer.begin(), answer.end()) - answer.begin();
        separate();
        out_.append(labels_[t][static_cast<std::size_t>(best)]);
      }
      const double origin = targets_[t].origin();
      for (std::size_t i = 0; i < width; ++i) {
        separate();
        if (origin == 0 || targets_[t].answers[i].kind == Answer::Kind::deviation)
          write_number(out_, answer[i]);
        else
          out_.append(far_number(origin + answer[i], targets_[t].deviation, 6));
      }
    }
  }
  void separate() {
    if (cells_++ > 0) out_.push_back(',');
  }
  void cell(std::string_view text) {
    separate();
    write_cell(out_, text);
  }
  void end_row() {
    out_.push_back('\n');
    cells_ = 0;
  }

  const PredictAsked& asked_;
  Model& model_;
  RowStream* stream_;
  const SeriesCode* series_;
  std::vector<TargetKind> targets_;
  bool tells_, several_ = false;                  // columns are told
  std::vector<std::vector<std::string>> labels_;  // of each target, as cells
  std::vector<std::size_t> kept_;
  const std::int64_t batch_rows_ = rows_at_once(model_.learner->network(), most_rows);
  std::vector<std::int64_t> batch_;
  fmt::memory_buffer out_;
  std::size_t cells_ = 0;         // of the line, so far
  std::size_t answer_cells_ = 0;  // of a whole line, behind those that are kept
};

int tell_series(const PredictAsked& asked, Model& model) {
  if (!asked.keep.empty())
    throw Error(
        Fault::command_line,
        "--keep is not for models of series: each answer has its series and its time beside it, to be "
        "joined by",
        {"leave --keep out"});
  const OtherRows other = load_rows(model.encoding, item_of(asked.file, "FILE"), false);
  for (const Problem& w : other.warnings) print_warning(w);
  Writer writer(asked, model, nullptr);
  writer.header();
  writer.windows(other);
  writer.flush();
  return ok;
}

/// An error in a row behind others whose answers are out already.
Error with_answered(const Error& error, std::int64_t rows) {
  std::vector<Problem> problems = error.problems();
  problems.back().help.push_back(
      rows == 1 ? "the first row is answered; those behind it are not"
                : fmt::format("the first {} rows are answered; those behind them are not", rows));
  return Error(error.fault(), std::move(problems));
}

int run(const PredictAsked& asked) {
  for (std::size_t i = 0; i < asked.keep.size(); ++i)
    if (std::find(asked.keep.begin(), asked.keep.end(), asked.keep[i]) - asked.keep.begin() !=
        static_cast<std::ptrdiff_t>(i))
      throw Error(Fault::command_line, "--keep names '" + asked.keep[i] + "' twice", {"name it once"});
  use_threads(asked.threads);
  const auto model = load_model(find_model(asked.model, "runs").model);
  for (const Problem& w : model->warnings) print_warning(w);
  if (model->learner->tells_texts() && asked.stage != "predictions")
    throw Error(Fault::command_line, "--stage " + asked.stage + " is not for models that tell texts",
                {"leave --stage out"});
  if (model->encoding->series()) return tell_series(asked, *model);
  const FileItem item = item_of(asked.file, "FILE");
  if (item.files.size() > 1)
    throw Error(Fault::command_line, "predict reads the rows of one file, and these are several",
                {"put their columns into one CSV file"});
  if (!item.files[0].first.empty() && !holds_idx(item.files[0].second, asked.file))
    throw Error(Fault::command_line, "{NAME: FILE} is for files without names for their columns, such as IDX",
                {"name the file alone: " + item.files[0].second});
  const auto stream = open_stream(model->encoding, item.files[0].second);
  Writer writer(asked, *model, stream.get());
  writer.header();
  std::int64_t answered = 0;
  try {
    while (const auto rows = stream->next()) {
      writer.rows(*rows);
      answered += rows->count();
    }
  } catch (const Error& error) {
    if (answered == 0 || error.fault() != Fault::data) throw;
    for (const Problem& w : stream->warnings()) print_warning(w);
    throw with_answered(error, answered);
  }
  writer.flush();
  for (const Problem& w : stream->warnings()) print_warning(w);
  return ok;
}

}  // namespace

extern const Command predict = {
    "predict", "predictions for the rows of a file, as CSV on stdout",
    "bpnet predict runs/wine-001 new.csv --keep id > predictions.csv",
    [](Arguments arguments) -> std::function<int()> {
      auto asked = std::make_shared<PredictAsked>();
      arguments.text("RUN", asked->model, "a run folder or a model file").required();
      arguments
          .text("FILE", asked->file,
                "what the model was trained on: CSV, JSON Lines, lines of text, a folder of pictures, a "
                "picture "
                "or IDX; - is standard input")
          .required();
      arguments.texts("--keep", asked->keep, "COLUMN", "a column to copy to the output; may be repeated");
      arguments.word(
          "--stage", asked->stage, {"inputs", "logits"},
          "inputs: what the network sees; logits: what it puts out, before probabilities and units");
      arguments.threads(asked->threads);
      return [asked] { return run(*asked); };
    }};

}  // namespace bpnet::app::command_entries
