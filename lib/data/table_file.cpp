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
    return;
  }
  plain_ = text.as_written();
  std::optional<Dialect> dialect;
  while (!(dialect = find_dialect(beginning, !more, settings, shown_)))
    more = read_on(text, 2 * beginning.size(), beginning);
  dialect_ = std::move(*dialect);
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
  if (survey.keys.names().empty()) throw Error(Fault::data, {survey.why_no_key(shown_)});
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
  return std::make_unique<JsonRecords>(dialect_.names, std::move(wanted), true);
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
