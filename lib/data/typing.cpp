#include "data/typing.hpp"

#include <algorithm>
#include <set>

#include "data/csv_cells.hpp"
#include "data/csv_number.hpp"
#include "data/date_time.hpp"
#include "data/targets.hpp"
#include "data/words.hpp"

namespace bpnet {

namespace {

using Kind = ReadColumn::Kind;
using As = ColumnUse::As;
constexpr std::size_t sampled_rows = 1000;

/// What the first rows tell of a column.
struct Sample {
  std::int64_t cells = 0, numbers = 0, dates = 0;
  bool padded = false;
  ValueSet values;
};

std::vector<Sample> take_sample(const Source& source, const std::vector<char>& wanted,
                                const CsvSettings& csv) {
  const Dialect& dialect = source.file->dialect();
  constexpr std::size_t looked_at = std::size_t{1} << 20;
  const auto json = source.file->json_records(wanted);
  RecordFlow flow = source.file->records(json.get());
  RecordFlow::Piece piece;
  const std::vector<std::string> missing = missing_words(dialect, csv.missing);
  std::vector<Sample> out(source.columns.size());
  std::string scratch;
  std::size_t rows = 0;
  for (std::size_t bytes = 0; rows < sampled_rows && bytes < looked_at && flow.next(piece);) {
    flow.cut(piece);
    bytes += piece.text.size();
    const Records& records = piece.records;
    for (std::size_t r = 0; r < records.starts.size() && rows < sampled_rows; ++r, ++rows) {
      const char* at = records.text.data() + records.starts[r];
      for (std::size_t c = 0; c < out.size(); ++c) {
        const Cell cell =
            read_cell(at, records.text.data() + records.ends[r * out.size() + c], dialect.delimiter);
        at = cell.after + 1;
        const std::string_view content = text_of(cell, scratch);
        if (std::find(missing.begin(), missing.end(), content) != missing.end()) continue;
        ++out[c].cells;
        const auto number = parse_number(content, dialect.numbers);
        if (!number) {
          out[c].dates += parse_date(content).has_value();
          continue;
        }
        ++out[c].numbers;
        out[c].padded = out[c].padded || zero_padded(content);
        out[c].values.add(*number);
      }
    }
  }
  return out;
}

Kind kind_of(const Sample& sample, const Choice* declared, bool target) {
  if (declared) {
    const auto cells = declared->as<ColumnType>()->cells();
    if (cells == ColumnType::Cells::dates) return target ? Kind::label : Kind::date;
    if (cells != ColumnType::Cells::numbers) return Kind::label;
    return target ? Kind::exact : Kind::number;
  }
  if (!target && sample.cells > 0 && sample.dates * 10 >= sample.cells * 9) return Kind::date;
  const bool number = sample.numbers * 10 >= sample.cells * 9 && !sample.padded;
  if (!number) return Kind::label;
  if (!target) return Kind::number;
  return sample.cells > 0 && sample.values.surely_number() ? Kind::exact : Kind::label;
}

void guess_columns_of(const Source& source, const Roles& roles, const CsvSettings& csv,
                      std::vector<Guess>& guesses) {
  std::vector<char> wanted;
  for (const int c : source.columns) wanted.push_back(c >= 0 && roles.is_read(static_cast<std::size_t>(c)));
  const std::vector<Sample> samples = take_sample(source, wanted, csv);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (source.columns[i] < 0) continue;
    const auto c = static_cast<std::size_t>(source.columns[i]);
    Guess& guess = guesses[c];
    guess.one_number = samples[i].values.size() == 1;
    if (roles.split == c || roles.group == c)
      guess.kind = Kind::label;
    else if (roles.weight == c)
      guess.kind = Kind::exact;
    else if (roles.pixel_of[c] >= 0)
      guess.kind = Kind::number;
    else if (roles.is_read(c))
      guess.kind = kind_of(samples[i], roles.declared[c], roles.is_target(c));
    if (guess.kind == Kind::number && !roles.is_feature(c) && roles.pixel_of[c] < 0) guess.kind = Kind::exact;
  }
}

}  // namespace

Kind ColumnUse::kind() const {
  if (as == As::none) return Kind::skip;
  if (as == As::number) return exact ? Kind::exact : Kind::number;
  if (as == As::date) return Kind::date;
  return Kind::label;
}

std::vector<Guess> guess_columns(const Source& source, const Roles& roles, const CsvSettings& csv) {
  std::vector<Guess> guesses(roles.names.size());
  guess_columns_of(source, roles, csv, guesses);
  for (const Source& other : source.beside) guess_columns_of(other, roles, csv, guesses);
  return guesses;
}

Facts facts_of(const RawTable& raw, const ReadColumn& column, std::size_t number,
               const std::vector<bool>& training, NumberMarks marks) {
  Facts facts;
  if (column.kind != Kind::label) {
    for (std::size_t s = 0; s < training.size(); ++s) {
      if (!training[s]) continue;
      const Findings& findings = raw.findings[s][number];
      facts.missing += findings.missing.count;
      facts.cells += raw.first_rows[s + 1] - raw.first_rows[s] - findings.missing.count;
      facts.numbers -= findings.bad.count;
      facts.padded += findings.padded.count;
      if (facts.padded_example.empty() && !findings.padded.first.empty())
        facts.padded_example = findings.padded.first[0].text;
    }
    facts.numbers += facts.cells;
    if (column.kind == Kind::date) std::swap(facts.numbers, facts.dates);
    return facts;
  }
  const LabelColumn& labels = raw.labels[static_cast<std::size_t>(column.slot)];
  std::vector<std::int64_t> counts(labels.texts.size(), 0);
  for (std::size_t s = 0; s < training.size(); ++s) {
    if (!training[s]) continue;
    for (std::int64_t r = raw.first_rows[s]; r < raw.first_rows[s + 1]; ++r) {
      const std::int32_t code = labels.codes[static_cast<std::size_t>(r)];
      if (code < 0)
        ++facts.missing;
      else
        ++counts[static_cast<std::size_t>(code)];
    }
  }
  for (std::size_t k = 0; k < counts.size(); ++k) {
    facts.cells += counts[k];
    facts.distinct += counts[k] > 0;
    if (counts[k] == 0) continue;
    if (!parse_number(labels.texts[k], marks)) {
      if (parse_date(labels.texts[k])) facts.dates += counts[k];
      continue;
    }
    facts.numbers += counts[k];
    if (!zero_padded(labels.texts[k])) continue;
    facts.padded += counts[k];
    if (facts.padded_example.empty()) facts.padded_example = labels.texts[k];
  }
  return facts;
}

ColumnUse use_of_feature(const Facts& facts, const Choice* declared) {
  ColumnUse use;
  use.facts = facts;
  if (declared) {
    constexpr As uses[] = {As::number, As::category, As::date,
                           As::image,  As::text,     As::sequence};  // by cells()
    use.as = uses[static_cast<std::size_t>(declared->as<ColumnType>()->cells())];
    use.why = "declared";
  } else if (facts.cells == 0) {
    use.why = "has no value";
  } else if (facts.dates * 10 >= facts.cells * 9) {
    use.as = As::date;
    use.why = facts.dates == facts.cells
                  ? (facts.cells == 1 ? "the one cell is a date"
                                      : "all " + std::to_string(facts.cells) + " cells are dates")
                  : std::to_string(facts.dates) + " of " + std::to_string(facts.cells) + " cells are dates";
  } else if (facts.padded > 0) {
    use.as = As::category;
    use.why = "leading zeros, as in " + in_quotes(facts.padded_example);
  } else if (facts.numbers == facts.cells) {
    use.as = As::number;
    use.why = facts.cells == 1 ? "the one cell is a number"
                               : "all " + std::to_string(facts.cells) + " cells are numbers";
  } else if (facts.numbers * 10 >= facts.cells * 9) {
    use.as = As::number;
    use.why = std::to_string(facts.numbers) + " of " + std::to_string(facts.cells) + " cells are numbers";
  } else {
    use.as = As::category;
    use.why =
        "text in " + std::to_string(facts.cells - facts.numbers) + " of " + count_of(facts.cells, "cell");
  }
  return use;
}

}  // namespace bpnet
