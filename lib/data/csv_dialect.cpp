#include "data/csv_dialect.hpp"

#include <algorithm>
#include <map>

#include "core/error.hpp"
#include "data/csv_cells.hpp"
#include "data/csv_number.hpp"

namespace bpnet {

namespace {

constexpr std::size_t sample = 50;                    // records looked at
constexpr char candidates[] = {'\t', ';', '|', ','};  // a comma stands in texts and numbers, so it comes last

[[noreturn]] void refuse(const std::string& shown, std::string message, std::vector<std::string> help = {}) {
  Problem problem;
  problem.place.file = shown;
  problem.message = std::move(message);
  problem.help = std::move(help);
  throw Error(Fault::data, {std::move(problem)});
}

void refuse_other_formats(std::string_view text, const std::string& shown) {
  if (text.empty()) refuse(shown, "the file is empty");
  if (text.starts_with("\x1f\x8b"))
    refuse(shown, "the file is compressed (gzip)", {"unpack it first: gunzip"});
  if (text.starts_with("PK\x03\x04"))
    refuse(shown, "the file is a zip archive, perhaps a spreadsheet", {"save it as CSV"});
  if (text.starts_with("PAR1")) refuse(shown, "the file is Parquet, not CSV", {"save it as CSV"});
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (text.size() < 2) return;
  const bool marked = (byte(0) == 0xFF && byte(1) == 0xFE) || (byte(0) == 0xFE && byte(1) == 0xFF);
  if (marked || (byte(0) == 0) != (byte(1) == 0))
    refuse(shown, "the file is UTF-16", {"save it as UTF-8: iconv -f UTF-16 -t UTF-8"});
}

/// Cells of each of the first records. A last record that the text may not hold whole is left out.
std::vector<std::size_t> widths(std::string_view text, bool whole, char delimiter) {
  std::vector<std::size_t> counts;
  const char* at = text.data();
  const char* const end = at + text.size();
  while ((at = skip_blank_lines(at, end)) != end && counts.size() < sample) {
    std::size_t count = 1;
    Cell cell = read_cell(at, end, delimiter);
    for (; cell.after != end && !ends_line(*cell.after); ++count)
      cell = read_cell(cell.after + 1, end, delimiter);
    if (cell.after == end && !whole && !counts.empty()) break;
    counts.push_back(count);
    at = skip_line_end(cell.after, end);
  }
  return counts;
}

/// The candidate that cuts all records into the same number of cells, more than one; else the one most often
/// found in the first record; else a comma.
char find_delimiter(std::string_view text, bool whole, char decimal) {
  char most = ',';
  std::size_t most_cells = 1;
  for (const char candidate : candidates) {
    if (candidate == decimal) continue;
    const auto counts = widths(text, whole, candidate);
    if (counts.empty() || counts[0] < 2) continue;
    if (std::all_of(counts.begin(), counts.end(), [&](std::size_t n) { return n == counts[0]; }))
      return candidate;
    if (counts[0] > most_cells) {
      most = candidate;
      most_cells = counts[0];
    }
  }
  return most;
}

std::string position_name(std::size_t i) { return "column_" + std::to_string(i + 1); }

/// Names must differ and be text; an empty one becomes column_N.
void check_names(const std::vector<Place>& places, std::vector<std::string>& names) {
  std::vector<Problem> problems;
  std::map<std::string, std::size_t> seen;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) names[i] = position_name(i);
    if (find_no_utf8(names[i]) != std::string::npos)
      problems.push_back({places[i],
                          "the name of column " + std::to_string(i + 1) + " is not UTF-8",
                          {"convert the file: iconv -f LATIN1 -t UTF-8"}});
    const auto [at, fresh] = seen.emplace(names[i], i);
    if (!fresh)
      problems.push_back({places[i],
                          "columns " + std::to_string(at->second + 1) + " and " + std::to_string(i + 1) +
                              " are both called '" + names[i] + "'",
                          {"rename one of them"}});
  }
  if (!problems.empty()) throw Error(Fault::data, std::move(problems));
}

}  // namespace

void check_csv(const CsvSettings& settings) {
  const std::string& d = settings.delimiter;
  const char decimal = settings.decimal == CsvSettings::Decimal::comma ? ',' : '.';
  if (d == "auto" || d == "tab") return;
  if (d.size() != 1 || d[0] == '"' || d[0] == ' ' || ends_line(d[0]))
    throw Error(Fault::configuration,
                "data.csv.delimiter must be auto, tab or one character; got '" + d + "'");
  if (d[0] == decimal)
    throw Error(Fault::configuration, "data.csv.delimiter and data.csv.decimal cannot both be '" + d + "'");
}

std::optional<Dialect> find_dialect(std::string_view text, bool whole, const CsvSettings& settings,
                                    const std::string& shown) {
  refuse_other_formats(text, shown);
  Dialect dialect;
  dialect.decimal = settings.decimal == CsvSettings::Decimal::comma ? ',' : '.';
  if (text.starts_with("\xEF\xBB\xBF")) dialect.begin = 3;
  const std::string_view records = text.substr(dialect.begin);
  if (settings.delimiter == "auto")
    dialect.delimiter = find_delimiter(records, whole, dialect.decimal);
  else
    dialect.delimiter = settings.delimiter == "tab" ? '\t' : settings.delimiter[0];

  const char* const end = text.data() + text.size();
  const char* at = skip_blank_lines(records.data(), end);
  if (at == end && !whole) return {};
  if (at == end) refuse(shown, "the file holds nothing but blank lines");
  std::vector<std::string> first;
  std::vector<Place> places;
  bool numbers = false;
  std::string scratch;
  for (Cell cell = read_cell(at, end, dialect.delimiter);;
       cell = read_cell(cell.after + 1, end, dialect.delimiter)) {
    if (cell.after == end && !whole) return {};
    const Spot spot = spot_of(text, static_cast<std::size_t>(cell.begin - text.data()) - cell.quoted);
    places.push_back({shown, static_cast<int>(spot.line), static_cast<int>(spot.column), 0, ""});
    if (cell.open) throw Error(Fault::data, {{places.back(), "this quote is never closed", {}}});
    first.emplace_back(text_of(cell, scratch));
    numbers = numbers || parse_number(first.back(), dialect.decimal);
    if (cell.after == end || ends_line(*cell.after)) {
      at = skip_line_end(cell.after, end);
      break;
    }
  }
  dialect.header = settings.header == CsvSettings::Header::automatic
                       ? !numbers
                       : settings.header == CsvSettings::Header::yes;
  if (dialect.header) {
    dialect.begin = static_cast<std::size_t>(at - text.data());
    dialect.names = std::move(first);
    check_names(places, dialect.names);
  } else {
    for (std::size_t i = 0; i < first.size(); ++i) dialect.names.push_back(position_name(i));
  }
  return dialect;
}

std::size_t find_no_utf8(std::string_view text) {
  const auto continues = [&](std::size_t i) {
    return i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80;
  };
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    std::size_t more = 0;
    if (lead >= 0xC2 && lead <= 0xDF) more = 1;
    if (lead >= 0xE0 && lead <= 0xEF) more = 2;
    if (lead >= 0xF0 && lead <= 0xF4) more = 3;
    if (more == 0 && lead >= 0x80) return i;
    for (std::size_t k = 1; k <= more; ++k)
      if (!continues(i + k)) return i;
    if (more >= 2) {  // overlong forms, surrogates, beyond U+10FFFF
      const auto next = static_cast<unsigned char>(text[i + 1]);
      if ((lead == 0xE0 && next < 0xA0) || (lead == 0xED && next > 0x9F) || (lead == 0xF0 && next < 0x90) ||
          (lead == 0xF4 && next > 0x8F))
        return i;
    }
    i += more + 1;
  }
  return std::string_view::npos;
}

}  // namespace bpnet
