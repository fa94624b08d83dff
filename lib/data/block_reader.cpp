#include "data/block_reader.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "data/csv_cells.hpp"
#include "data/csv_number.hpp"
#include "data/date.hpp"
#include "math/text.hpp"
#include "text/utf8.hpp"

namespace bpnet {

namespace {

using Kind = ReadColumn::Kind;
constexpr std::size_t longest_noted = 200;  // bytes of a cell
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Numbers too small for full precision are 0 on every thread, whatever its processor flags say.
float to_float(double value) {
  return std::abs(value) < static_cast<double>(std::numeric_limits<float>::min()) ? 0.0f
                                                                                  : static_cast<float>(value);
}

std::string cells_text(std::size_t n) { return std::to_string(n) + (n == 1 ? " cell" : " cells"); }

Problem describe(const RecordFault& fault, std::size_t columns) {
  Problem problem;
  switch (fault.kind) {
    case RecordFault::Kind::too_few:
    case RecordFault::Kind::too_many:
      problem.message = "this row has " + cells_text(fault.cells) + ", but the file has " +
                        std::to_string(columns) + (columns == 1 ? " column" : " columns");
      if (fault.kind == RecordFault::Kind::too_many)
        problem.help = {"put cells that hold the delimiter in double quotes"};
      break;
    case RecordFault::Kind::broken_quote:
      problem.message = "there is text behind the closing quote of this cell";
      problem.help = {"write a quote inside a quoted cell twice: \"\""};
      break;
    case RecordFault::Kind::open_quote:
      problem.message = "this quote is never closed";
      break;
    case RecordFault::Kind::zero_byte:
      problem.message = "there is a zero byte here: this is no text file, or it is damaged";
      break;
    case RecordFault::Kind::malformed:
      problem.message = fault.message;
      if (!fault.help.empty()) problem.help = {fault.help};
      break;
  }
  return problem;
}

}  // namespace

BlockReader::BlockReader(const ReadPlan& plan, const std::vector<int>& columns, const Dialect& dialect,
                         const std::vector<std::string>& missing, std::string shown)
    : plan_(plan), numbers_(columns), dialect_(dialect), missing_(missing), shown_(std::move(shown)) {
  for (const int c : columns)
    columns_.push_back(c < 0 ? ReadColumn{} : plan.columns[static_cast<std::size_t>(c)]);
  missing_are_words_ = std::none_of(missing.begin(), missing.end(), [&](const std::string& word) {
    return parse_number(word, dialect.numbers).has_value();
  });
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const ReadColumn& column = columns_[c];
    if (column.kind == Kind::skip) continue;
    const bool plain =
        missing_are_words_ && column.kind == Kind::number && column.origin == 0 && column.key < 0;
    Step* last = steps_.empty() ? nullptr : &steps_.back();
    if (plain && last && last->run && last->first + static_cast<std::size_t>(last->count) == c &&
        columns_[last->first].slot + last->count == column.slot)
      ++last->count;
    else
      steps_.push_back({c, 1, plain});
  }
}

bool BlockReader::is_missing(std::string_view text) const {
  return std::any_of(missing_.begin(), missing_.end(), [&](const std::string& word) { return word == text; });
}

/// The reading of one block.
class BlockPass {
 public:
  BlockPass(const BlockReader& reader, const Records& records, std::int64_t first_row,
            std::int64_t first_line, const FloatTable& table)
      : reader_(reader), records_(records), first_row_(first_row), first_line_(first_line), table_(table) {
    content_.exacts.resize(static_cast<std::size_t>(reader.plan_.exacts));
    content_.labels.resize(static_cast<std::size_t>(reader.plan_.labels));
    for (auto& exact : content_.exacts) exact.assign(records.starts.size(), nan);
    for (auto& labels : content_.labels) labels.codes.assign(records.starts.size(), -1);
  }

  BlockContent run() {
    for (const RecordFault& fault : records_.faults) {
      if (content_.problems.size() == noted_at_most) {
        ++content_.other_problems;
        continue;
      }
      Problem problem = describe(fault, reader_.cells());
      const TextSpot spot =
          fault.spot.line > 0 ? fault.spot : spot_of(records_.text, fault.offset, reader_.dialect_.delimiter);
      problem.place = {reader_.shown_, static_cast<int>(first_line_ + spot.line - 1),
                       static_cast<int>(spot.column), 0, ""};
      content_.problems.push_back(std::move(problem));
    }
    for (record_ = 0; record_ < records_.starts.size(); ++record_)
      for (const BlockReader::Step& step : reader_.steps_) {
        if (step.run)
          numbers(step);
        else if (!exact_decimal(step.first))
          cell(step.first);
      }
    return std::move(content_);
  }

 private:
  const std::uint32_t* ends() const { return records_.ends.data() + record_ * reader_.cells(); }
  std::uint32_t begin_of(std::size_t c) const {
    return c == 0 ? records_.starts[record_] : ends()[c - 1] + 1;
  }
  float* row() const { return table_.row(first_row_ + static_cast<std::int64_t>(record_)); }

  void numbers(const BlockReader::Step& step) {
    float* out = row() + reader_.columns_[step.first].slot;
    for (int done = 0; done < step.count; ++done) {
      const std::size_t c = step.first + static_cast<std::size_t>(done);
      done += math::read_decimals(records_.text.data(), begin_of(c), ends() + c, step.count - done,
                                  reader_.dialect_.numbers.decimal, out + done);
      if (done < step.count) cell(step.first + static_cast<std::size_t>(done));
    }
  }

  /// A cell of an exact column that is a plain decimal, as nearly all are; false: it is to be looked at.
  bool exact_decimal(std::size_t c) {
    const ReadColumn& column = reader_.columns_[c];
    if (column.kind != Kind::exact || column.key >= 0 || !reader_.missing_are_words_) return false;
    const char* const text = records_.text.data();
    double value = 0;
    if (!math::read_decimal(text + begin_of(c), text + ends()[c], reader_.dialect_.numbers.decimal, &value))
      return false;
    if (value < 0 && !column.below_zero) return false;
    content_.exacts[static_cast<std::size_t>(column.slot)][record_] = value;
    return true;
  }

  void cell(std::size_t c) {
    const char* const text = records_.text.data();
    const Cell cell = read_cell(text + begin_of(c), text + ends()[c], reader_.dialect_.delimiter);
    const std::string_view content = text_of(cell, scratch_);
    const ReadColumn& column = reader_.columns_[c];
    const auto note = [&](NotedCells Findings::*kind) {
      NotedCells& cells = findings_of(c).*kind;
      if (cells.full())
        ++cells.count;
      else
        cells.add(noted(c, static_cast<std::size_t>(cell.begin - text) - cell.quoted, content));
    };
    if (column.kind == Kind::label)
      return label(column, column.replace ? replaced(c, content) : content, note);
    if (column.kind == Kind::date) return date(c, content, note);
    double value = nan;
    const auto number = parse_number(content, reader_.dialect_.numbers);
    if (number && (reader_.missing_are_words_ || !reader_.is_missing(content))) {
      value = *number;
      if (zero_padded(content)) note(&Findings::padded);
      if (value < 0 && !column.below_zero) note(&Findings::bad);
    } else if (reader_.is_missing(content)) {
      note(&Findings::missing);
    } else {
      note(&Findings::bad);
    }
    if (column.kind == Kind::exact)
      content_.exacts[static_cast<std::size_t>(column.slot)][record_] = value;
    else
      row()[column.slot] = to_float(value - column.origin);
    keep_key(column, value);
  }

  Findings& findings_of(std::size_t c) {
    content_.findings.resize(reader_.plan_.columns.size());
    return content_.findings[static_cast<std::size_t>(reader_.numbers_[c])];
  }

  void keep_key(const ReadColumn& column, double value) {
    if (column.key >= 0) content_.exacts[static_cast<std::size_t>(column.key)][record_] = value;
  }

  template <class Note>
  void date(std::size_t c, std::string_view content, Note note) {
    const ReadColumn& column = reader_.columns_[c];
    const bool missing = reader_.is_missing(content);
    const auto date = missing ? std::nullopt : column.date->parse(content);
    if (!date) {
      note(missing ? &Findings::missing : &Findings::bad);
      std::fill_n(row() + column.slot, column.date->width(), static_cast<float>(nan));
      return;
    }
    findings_of(c).dates.add(content);
    column.date->write(*date, row() + column.slot);
    keep_key(column, date->days());
  }

  std::string_view replaced(std::size_t c, std::string_view content) {
    const Replacements& all = *reader_.columns_[c].replace;
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& r) { return r.first == content; });
    if (found == all.end()) return content;
    std::vector<char>& used = findings_of(c).replaced;
    used.resize(all.size());
    used[static_cast<std::size_t>(found - all.begin())] = 1;
    return found->second;
  }

  template <class Note>
  void label(const ReadColumn& column, std::string_view content, Note note) {
    if (reader_.is_missing(content)) return note(&Findings::missing);
    LabelColumn& labels = content_.labels[static_cast<std::size_t>(column.slot)];
    const std::size_t known = labels.texts.size();
    labels.codes[record_] = labels.texts.add(content);
    if (column.allowed && !(*column.allowed)(content)) note(&Findings::bad);
    if (labels.texts.size() > known && find_no_utf8(content) != std::string_view::npos)
      note(&Findings::not_utf8);
  }

  NotedCell noted(std::size_t c, std::size_t offset, std::string_view content) const {
    if (!records_.columns.empty())
      return {first_row_ + static_cast<std::int64_t>(record_), 0,
              static_cast<int>(records_.columns[record_ * reader_.cells() + c]),
              std::string(content.substr(0, longest_noted))};
    const std::uint32_t start = records_.starts[record_];
    const TextSpot spot = spot_of(records_.text.substr(start), offset - start, reader_.dialect_.delimiter);
    // In its first line the cell stands behind what the text has before the record, which is a line end or
    // spaces.
    std::uint32_t line = start;
    while (spot.line == 1 && line > 0 && !ends_line(records_.text[line - 1])) --line;
    return {first_row_ + static_cast<std::int64_t>(record_), static_cast<int>(spot.line - 1),
            static_cast<int>(spot.column) + static_cast<int>(start - line),
            std::string(content.substr(0, longest_noted))};
  }

  const BlockReader& reader_;
  const Records& records_;
  std::int64_t first_row_, first_line_;
  const FloatTable& table_;
  std::size_t record_ = 0;
  BlockContent content_;
  std::string scratch_;
};

BlockContent BlockReader::read(const Records& records, std::int64_t first_row, std::int64_t first_line,
                               const FloatTable& table) const {
  return BlockPass(*this, records, first_row, first_line, table).run();
}

}  // namespace bpnet
