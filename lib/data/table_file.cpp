#include "data/table_file.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace bpnet {

namespace {

constexpr std::size_t first_look = std::size_t{1} << 16;

/// Makes `out` as long as that or a little longer; false if the text ends before.
bool read_on(TextFlow& text, std::size_t length, std::string& out) {
  std::size_t size = out.size(), more = 1;
  out.resize(length + TextFlow::least_room);
  while (size < length && more > 0) size += more = text.read(out.data() + size, out.size() - size);
  out.resize(size);
  return more > 0;
}

InputFile open_file(const std::filesystem::path& path, const std::string& shown) {
  std::error_code failed;
  if (!std::filesystem::exists(path, failed))
    throw Error(Fault::missing_input, "there is no file '" + shown + "'",
                {"looked for at " + path.lexically_normal().string()});
  return InputFile(path);
}

}  // namespace

TableFile::TableFile(const std::filesystem::path& path, std::string shown, const CsvSettings& settings)
    : path_(path), shown_(std::move(shown)), encoding_(settings.encoding), file_(open_file(path, shown_)) {
  TextFlow text = flow();
  std::string beginning;
  bool more = read_on(text, first_look, beginning);
  packed_ = text.packed();
  json_lines_ = named_json_lines(path) || begins_with_object(beginning);
  if (json_lines_) {
    dialect_ = survey(std::move(text), std::move(beginning));
    keys_ = dialect_.names;
    return;
  }
  plain_ = text.as_written();
  std::optional<Dialect> dialect;
  while (!(dialect = find_dialect(beginning, !more, settings, shown_)))
    more = read_on(text, 2 * beginning.size(), beginning);
  dialect_ = std::move(*dialect);
}

void TableFile::add_column(const std::string& name) {
  dialect_.names.push_back(name);
  keys_.push_back(name);
}

bool TableFile::header_is_a_cell() const {
  if (json_lines_ || !dialect_.header || dialect_.names.size() != 1) return false;
  RecordFlow flow = records(nullptr);
  RecordFlow::Piece piece;
  if (!flow.next(piece)) return false;
  flow.cut(piece);
  std::string scratch;
  const char* const text = piece.records.text.data();
  for (std::size_t r = 0; r < piece.records.starts.size(); ++r)
    if (text_of(read_cell(text + piece.records.starts[r], text + piece.records.ends[r], dialect_.delimiter),
                scratch) == dialect_.names[0])
      return true;
  return false;
}

void TableFile::name_column(const std::string& name) {
  dialect_.names = {name};
  dialect_.header = true;
}

TextFlow TableFile::flow() const { return {ByteFlow(path_, shown_), encoding_}; }

/// The columns of JSON Lines are the keys of all objects.
Dialect TableFile::survey(TextFlow text, std::string beginning) const {
  const JsonRecords none({}, {}, true);
  Dialect dialect = json_dialect(beginning);
  RecordFlow flow(std::move(text), std::move(beginning), dialect, &none, RecordFlow::Wait::for_pieces);
  RecordFlow::Piece piece;
  JsonSurvey survey;
  while (flow.next(piece)) survey.add(piece.text);
  survey.check(shown_);
  dialect.names = survey.keys.names();
  return dialect;
}

RecordFlow TableFile::records(const JsonRecords* json) const {
  TextFlow text = flow();
  std::string skipped;
  if (dialect_.begin > 0) read_on(text, dialect_.begin, skipped);
  return {std::move(text), std::move(skipped), dialect_, json, RecordFlow::Wait::for_pieces};
}

std::unique_ptr<JsonRecords> TableFile::json_records(std::vector<char> wanted) const {
  if (!json_lines_) return nullptr;
  return std::make_unique<JsonRecords>(keys_, std::move(wanted), true);
}

bool named_json_lines(const std::filesystem::path& path) {
  const auto plain = path.extension() == ".gz" ? path.stem() : path;
  return plain.extension() == ".jsonl" || plain.extension() == ".ndjson";
}

std::vector<std::string> missing_words(const Dialect& dialect, std::vector<std::string> words) {
  const bool json = dialect.delimiter == json_separator;
  if (json && std::find(words.begin(), words.end(), "") == words.end()) words.emplace_back();
  return words;
}

Dialect json_dialect(std::string_view text) {
  Dialect dialect;
  dialect.delimiter = json_separator;
  if (text.starts_with("\xEF\xBB\xBF")) dialect.begin = 3;
  return dialect;
}

}  // namespace bpnet
