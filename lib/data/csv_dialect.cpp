#include "data/csv_dialect.hpp"

#include <algorithm>
#include <map>

#include "core/error.hpp"
#include "data/csv_cells.hpp"
#include "data/csv_number.hpp"
#include "data/picture.hpp"
#include "data/words.hpp"
#include "text/utf8.hpp"

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

/// [{...}, {...}]
bool begins_json_array(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t open = text.find_first_not_of(blanks);
  if (open == std::string_view::npos || text[open] != '[') return false;
  const std::size_t item = text.find_first_not_of(blanks, open + 1);
  return item != std::string_view::npos && text[item] == '{';
}

void refuse_other_formats(std::string_view text, const std::string& shown) {
  if (text.empty()) refuse(shown, "the file is empty");
  if (text.starts_with("PK\x03\x04"))
    refuse(shown,
           shown.ends_with(".npz") ? "the file is NumPy's, not CSV"
                                   : "the file is a zip archive, perhaps a spreadsheet",
           {shown.ends_with(".npz") ? "save numbers as CSV, pictures as PNG or IDX" : "save it as CSV"});
  if (text.starts_with("\x93NUMPY"))
    refuse(shown, "the file is NumPy's, not CSV", {"save numbers as CSV, pictures as PNG or IDX"});
  if (const auto other = other_picture(text)) refuse(shown, *other);
  constexpr auto no_ascii = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
  if (no_ascii(text[0]) && begins_like_picture(std::as_bytes(std::span(text))))
    refuse(shown, "it is a picture, but not called so", {"call it .png, .jpg, .bmp, .ppm or .pgm"});
  if (text.starts_with("PAR1")) refuse(shown, "the file is Parquet, not CSV", {"save it as CSV"});
  if (begins_json_array(text))
    refuse(shown, "the file is a JSON array, not CSV or JSON Lines",
           {"write an object a line, without [ ] and commas between them; "
            "pandas: to_json(FILE, orient=\"records\", lines=True)"});
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (text.size() < 2) return;
  if ((byte(0) == 0) != (byte(1) == 0))
    refuse(shown, "the file is UTF-16",
           {std::string("say so: data.csv.encoding: ") + (byte(0) == 0 ? "utf-16be" : "utf-16le")});
}

/// Cells of each of the first records. A last record that the text may not hold whole is left out.
std::vector<std::size_t> widths(std::string_view text, bool whole, Marks marks) {
  std::vector<std::size_t> counts;
  const char* at = text.data();
  const char* const end = at + text.size();
  while ((at = skip_empty_lines(at, end, marks)) != end && counts.size() < sample) {
    std::size_t count = 1;
    Cell cell = read_cell(at, end, marks.delimiter);
    for (; cell.after != end && !ends_line(*cell.after); ++count)
      cell = read_cell(cell.after + 1, end, marks.delimiter);
    if (cell.after == end && !whole && !counts.empty()) break;
    counts.push_back(count);
    at = skip_line_end(cell.after, end);
  }
  return counts;
}

/// Whether blanks part all records into as many cells, and half of the second's or more are numbers (both of
/// two, as "12 kg" is one cell): more than `cells`, which is how many another delimiter finds.
bool parted_by_blanks(std::string_view text, bool whole, NumberMarks numbers, char comment,
                      std::size_t cells) {
  const Marks marks{' ', comment};
  const auto counts = widths(text, whole, marks);
  if (counts.size() < 2 || counts[0] < 2 || numbers.thousands == ' ' ||
      !std::all_of(counts.begin(), counts.end(), [&](std::size_t n) { return n == counts[0]; }))
    return false;
  const char* const end = text.data() + text.size();
  const char* at = skip_empty_lines(text.data(), end, marks);
  for (std::size_t c = 0; c < counts[0]; ++c) at = read_cell(at, end, ' ').after + (c + 1 < counts[0]);
  at = skip_empty_lines(skip_line_end(at, end), end, marks);
  std::size_t found = 0;
  for (std::size_t c = 0; c < counts[0]; ++c) {
    const Cell cell = read_cell(at, end, ' ');
    found += parse_number(cell.content(), numbers).has_value();
    at = cell.after + (c + 1 < counts[0]);
  }
  return 2 * found >= counts[0] && found > cells && (counts[0] > 2 || found == 2);
}

/// The candidate that cuts all records into the same number of cells, more than one; else the one most often
/// found in the first record; else blanks, if they do; else a comma.
char find_delimiter(std::string_view text, bool whole, NumberMarks numbers, char comment) {
  char most = ',';
  std::size_t most_cells = 1;
  for (const char candidate : candidates) {
    if (candidate == numbers.decimal || candidate == comment) continue;
    const auto counts = widths(text, whole, {candidate, comment});
    if (counts.empty() || counts[0] < 2) continue;
    if (std::all_of(counts.begin(), counts.end(), [&](std::size_t n) { return n == counts[0]; }))
      return candidate == '\t' && parted_by_blanks(text, whole, numbers, comment, counts[0]) ? ' '
                                                                                             : candidate;
    if (counts[0] > most_cells) {
      most = candidate;
      most_cells = counts[0];
    }
  }
  return most_cells == 1 && parted_by_blanks(text, whole, numbers, comment, 0) ? ' ' : most;
}

std::string position_name(std::size_t i) { return "column_" + std::to_string(i + 1); }

Place place_of(std::string_view text, std::size_t offset, const std::string& shown) {
  const TextSpot spot = spot_of(text, offset);
  return {shown, static_cast<int>(spot.line), static_cast<int>(spot.column), 0, ""};
}

/// Names must differ and be text; an empty one becomes column_N.
void check_names(std::string_view text, const std::string& shown, const std::vector<std::size_t>& offsets,
                 std::vector<std::string>& names) {
  std::vector<Problem> problems;
  std::map<std::string, std::size_t> seen;
  const auto add = [&](std::size_t i, std::string message, std::string help) {
    problems.push_back({place_of(text, offsets[i], shown), std::move(message), {std::move(help)}});
  };
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) names[i] = position_name(i);
    if (find_no_utf8(names[i]) != std::string::npos)
      add(i, "the name of column " + std::to_string(i + 1) + " is not UTF-8", other_encoding);
    const auto [at, fresh] = seen.emplace(names[i], i);
    if (!fresh)
      add(i,
          "columns " + std::to_string(at->second + 1) + " and " + std::to_string(i + 1) +
              " are both called '" + names[i] + "'",
          "rename one of them");
  }
  if (!problems.empty()) throw Error(Fault::data, std::move(problems));
}

/// Behind a byte order mark and the lines to leave out; nullptr if they may go on behind the text.
const char* skip_lines(std::string_view text, bool whole, std::int64_t lines, const std::string& shown) {
  const char* const end = text.data() + text.size();
  const char* at = text.data() + (text.starts_with("\xEF\xBB\xBF") ? 3 : 0);
  for (std::int64_t skipped = 0; skipped < lines; ++skipped) {
    const char* const line_end = std::find_if(at, end, ends_line);
    if (line_end == end && !whole) return nullptr;
    if (at == end)
      refuse(shown, "there is no line behind the " + count_of(lines, "line") +
                        " that data.csv.skip_rows leaves out");
    at = skip_line_end(line_end, end);
  }
  return at;
}

/// Goes behind a line like `sep=;`, which spreadsheets write and read. Returns its character, '\0' without
/// one.
char take_separator_line(const char*& at, const char* end) {
  constexpr std::string_view begin = "sep=";
  const std::string_view rest(at, static_cast<std::size_t>(end - at));
  if (!rest.starts_with(begin) || rest.size() < begin.size() + 2 || !ends_line(rest[begin.size() + 1]))
    return '\0';
  at = skip_line_end(at + begin.size() + 1, end);
  return rest[begin.size()];
}

/// Lines of one cell above lines that all have the same number of them, which is more: a title, or comments.
void refuse_titles(std::string_view text, const char* at, bool whole, const Dialect& dialect,
                   const std::string& shown) {
  const std::string_view records(at, static_cast<std::size_t>(text.data() + text.size() - at));
  for (const char candidate : candidates) {
    if (candidate == dialect.numbers.decimal || candidate == dialect.comment) continue;
    const auto counts = widths(records, whole, {candidate, dialect.comment});
    const auto wide = std::find_if(counts.begin(), counts.end(), [](std::size_t n) { return n > 1; });
    if (counts.end() - wide < 2 || wide == counts.begin()) continue;
    if (!std::all_of(wide, counts.end(), [&](std::size_t n) { return n == *wide; })) continue;
    const char* line = at;
    for (auto n = counts.begin(); n != wide; ++n) {
      line = read_cell(line, text.data() + text.size(), '\n').after;
      line = skip_empty_lines(line, text.data() + text.size(), dialect);
    }
    Problem problem{place_of(text, static_cast<std::size_t>(at - text.data()), shown), "", {}};
    const auto above = count_lines(text.substr(0, static_cast<std::size_t>(line - text.data())));
    problem.message = "this line has 1 cell, but the lines from line " + std::to_string(above + 1) +
                      " on have " + std::to_string(*wide);
    problem.help = {"if it is a title: data.csv.skip_rows: " + std::to_string(above)};
    problem.help.push_back("if it is the one name: put cells that hold the delimiter in double quotes");
    if (*at == '#' || *at == '%')
      problem.help.push_back("if lines like this are comments: data.csv.comment: \"" + std::string(1, *at) +
                             "\"");
    throw Error(Fault::data, {std::move(problem)});
  }
}

struct FirstRecord {
  std::vector<std::string> cells;
  std::vector<std::size_t> offsets;  // of the cells in the text
  const char* behind = nullptr;
};

/// Nothing if the record may go on behind the text.
std::optional<FirstRecord> read_first(std::string_view text, const char* at, bool whole, char delimiter,
                                      const std::string& shown) {
  const char* const end = text.data() + text.size();
  FirstRecord first;
  std::string scratch;
  for (;; ++at) {
    const Cell cell = read_cell(at, end, delimiter);
    if (cell.after == end && !whole) return {};
    first.offsets.push_back(static_cast<std::size_t>(cell.begin - text.data()) - cell.quoted);
    if (cell.open)
      throw Error(Fault::data,
                  {{place_of(text, first.offsets.back(), shown), "this quote is never closed", {}}});
    first.cells.emplace_back(text_of(cell, scratch));
    at = cell.after;
    if (at == end || ends_line(*at)) break;
  }
  first.behind = skip_line_end(at, end);
  return first;
}

}  // namespace

NumberMarks numbers_of(const CsvSettings& settings) {
  return {settings.decimal == CsvSettings::Decimal::comma ? ',' : '.',
          "\0,. '_"[static_cast<std::size_t>(settings.thousands)]};
}

void check_csv(const CsvSettings& settings) {
  const std::string& d = settings.delimiter;
  const char decimal = numbers_of(settings).decimal;
  const std::string& c = settings.comment;
  if (!c.empty() && (c.size() != 1 || c[0] == '"' || c[0] == ' ' || ends_line(c[0])))
    throw Error(Fault::configuration, "data.csv.comment must be none or one character; got '" + c + "'");
  if (!c.empty() && (c == d || (d == "tab" && c == "\t")))
    throw Error(Fault::configuration, "data.csv.comment and data.csv.delimiter cannot both be '" + c + "'");
  const char thousands = numbers_of(settings).thousands;
  if (thousands == decimal)
    throw Error(Fault::configuration,
                std::string("data.csv.thousands and data.csv.decimal cannot both be '") + decimal + "'");
  if (d.size() == 1 && d[0] == thousands)
    throw Error(Fault::configuration, "data.csv.thousands and data.csv.delimiter cannot both be '" + d + "'");
  if (d == "auto" || d == "tab" || d == "blanks") return;
  if (d.size() != 1 || d[0] == '"' || ends_line(d[0])) {
    const std::map<std::string_view, const char*> words = {
        {"comma", "say \",\""},   {"semicolon", "say \";\""}, {"\\t", "say tab"},
        {"\\s+", "say blanks"},   {"space", "say blanks"},    {"whitespace", "say blanks"},
        {"spaces", "say blanks"}, {"pipe", "say \"|\""}};
    const auto meant = words.find(d);
    throw Error(Fault::configuration,
                "data.csv.delimiter must be auto, tab, blanks or one character; got '" + d + "'",
                meant == words.end() ? std::vector<std::string>{} : std::vector<std::string>{meant->second});
  }
  if (d[0] == decimal)
    throw Error(Fault::configuration, "data.csv.delimiter and data.csv.decimal cannot both be '" + d + "'");
}

std::optional<Dialect> find_dialect(std::string_view text, bool whole, const CsvSettings& settings,
                                    const std::string& shown) {
  refuse_other_formats(text, shown);
  Dialect dialect;
  dialect.numbers = numbers_of(settings);
  if (!settings.comment.empty()) dialect.comment = settings.comment[0];
  const char* const end = text.data() + text.size();
  const char* at = skip_lines(text, whole, settings.skip_rows, shown);
  if (at == nullptr) return {};
  const char said = take_separator_line(at, end);
  const std::string_view records(at, static_cast<std::size_t>(end - at));
  if (settings.delimiter != "auto")
    dialect.delimiter = settings.delimiter == "tab"      ? '\t'
                        : settings.delimiter == "blanks" ? ' '
                                                         : settings.delimiter[0];
  else if (said != '\0')
    dialect.delimiter = said;
  else
    dialect.delimiter = find_delimiter(records, whole, dialect.numbers, dialect.comment);

  at = skip_empty_lines(at, end, dialect, whole);
  if (at == end && !whole) return {};
  if (at == end)
    refuse(shown,
           std::string("the file holds nothing but blank lines") + (dialect.comment ? " and comments" : ""));
  const auto first = read_first(text, at, whole, dialect.delimiter, shown);
  if (!first) return {};
  if (settings.delimiter == "auto" && first->cells.size() == 1)
    refuse_titles(text, at, whole, dialect, shown);
  const bool numbers = std::any_of(first->cells.begin(), first->cells.end(), [&](const std::string& cell) {
    return parse_number(cell, dialect.numbers).has_value();
  });
  dialect.header = settings.header == CsvSettings::Header::automatic
                       ? !numbers
                       : settings.header == CsvSettings::Header::yes;
  if (dialect.header) {
    dialect.names = first->cells;
    check_names(text, shown, first->offsets, dialect.names);
    at = first->behind;
  } else {
    for (std::size_t i = 0; i < first->cells.size(); ++i) dialect.names.push_back(position_name(i));
  }
  dialect.begin = static_cast<std::size_t>(at - text.data());
  dialect.line = count_lines(text.substr(0, dialect.begin)) + 1;
  return dialect;
}

}  // namespace bpnet
