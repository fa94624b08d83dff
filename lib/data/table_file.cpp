#include "data/table_file.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace bpnet {

namespace {

std::size_t read_beginning(ByteFlow& bytes, char (&to)[4]) {
  std::size_t size = 0;
  while (size < sizeof to) {
    const std::size_t n = bytes.read(to + size, sizeof to - size);
    if (n == 0) break;
    size += n;
  }
  return size;
}

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

bool holds_idx(const std::filesystem::path& path, const std::string& shown) {
  char magic[4];
  ByteFlow bytes(path, shown);
  return IdxFile::begins({magic, read_beginning(bytes, magic)});
}

void refuse_idx(std::string_view bytes, const std::string& shown) {
  if (!IdxFile::begins(bytes)) return;
  Problem problem;
  problem.place.file = shown;
  problem.message = "it is IDX, which is read from files only";
  problem.help = {"name the file instead of -"};
  throw Error(Fault::data, {std::move(problem)});
}

TableFile::TableFile(const std::filesystem::path& path, std::string shown, const CsvSettings& settings,
                     bool lines)
    : path_(path), shown_(std::move(shown)), encoding_(settings.encoding) {
  if (!open(path)) return;
  lines_ = lines;
  TextFlow text = flow();
  std::string beginning;
  bool more = read_on(text, first_look, beginning);
  packed_ = text.packed();
  if (lines) {
    dialect_ = lines_dialect("text");
    return;
  }
  json_lines_ = named_json_lines(path) || begins_with_object(beginning);
  if (json_lines_) {
    dialect_ = survey(std::move(text), std::move(beginning));
    keys_ = dialect_.names;
    return;
  }
  plain_ = file_ && text.as_written();
  std::optional<Dialect> dialect;
  while (!(dialect = find_dialect(beginning, !more, settings, shown_)))
    more = read_on(text, 2 * beginning.size(), beginning);
  dialect_ = std::move(*dialect);
  guessed_header_ = dialect_.header && settings.header == CsvSettings::Header::automatic;
}

/// False if it is no text: then rows of its own are made of it.
bool TableFile::open(const std::filesystem::path& path) {
  if (path == "-") {
    made_ = std::make_shared<const std::string>(ByteFlow(path, shown_).rest());
    refuse_idx(*made_, shown_);
    return true;
  }
  if (std::error_code failed; std::filesystem::is_directory(path, failed)) {
    folder_ = path;
    make_of_pictures(list_pictures(path, shown_));
    return false;
  }
  folder_ = path.parent_path();
  file_ = open_file(path, shown_);
  if (named_picture(path)) {
    make_of_pictures({{path.filename().string()}, {}, {}, {}, {}});
    return false;
  }
  if (!holds_idx(path, shown_)) return true;
  make_of_idx();
  return false;
}

void TableFile::add_column(const std::string& name) {
  dialect_.names.push_back(name);
  keys_.push_back(name);
}

bool TableFile::header_is_a_cell() const {
  if (!csv() || !dialect_.header || dialect_.names.size() != 1) return false;
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

void TableFile::name_column(std::size_t at, const std::string& name) {
  dialect_.names[at] = name;
  dialect_.header = true;
}

void TableFile::make_of_pictures(PictureFolder folder) {
  std::string text;
  const auto write = [&](const std::string& cell, char behind) {
    text += '"';
    for (const char c : cell) text.append(c == '"' ? 2 : 1, c);
    text += '"';
    text += behind;
  };
  const bool labelled = !folder.labels.empty();
  std::vector<std::string> names;
  for (std::size_t i = 0; i < folder.pictures.size(); ++i) {
    write(folder.pictures[i], labelled ? ',' : '\n');
    if (labelled) write(folder.labels[i], '\n');
    names.push_back(file_ ? shown_ : (std::filesystem::path(shown_) / folder.pictures[i]).string());
  }
  made_ = std::make_shared<const std::string>(std::move(text));
  row_names_ = std::make_shared<const std::vector<std::string>>(std::move(names));
  folder.pictures.clear();
  folder.labels.clear();
  remarks_ = std::move(folder);
  dialect_.made = true;
  dialect_.names = {image_column};
  if (labelled) dialect_.names.emplace_back(label_column);
}

void TableFile::make_of_idx() {
  idx_ = std::make_shared<const IdxFile>(ByteFlow(path_, shown_));
  std::string text;
  for (std::int64_t i = 0; i < idx_->count(); ++i)
    text += (idx_->pictures() ? std::to_string(i + 1) : idx_->number(i)) + '\n';
  made_ = std::make_shared<const std::string>(std::move(text));
  dialect_.made = true;
  dialect_.names = {idx_->pictures() ? image_column : label_column};
}

std::vector<std::pair<std::string, const char*>> TableFile::known_types() const {
  std::vector<std::pair<std::string, const char*>> out;
  if (row_names_ || (idx_ && idx_->pictures())) out.emplace_back(dialect_.names[0], "image");
  if (row_names_ && dialect_.names.size() > 1) out.emplace_back(dialect_.names[1], "category");
  return out;
}

TextFlow TableFile::flow() const {
  if (lines_) return lines_flow(made_ ? ByteFlow(made_, shown_) : ByteFlow(path_, shown_), encoding_);
  if (made_) return {ByteFlow(made_, shown_), dialect_.made ? TextEncoding::utf_8 : encoding_};
  return {ByteFlow(path_, shown_), encoding_};
}

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

namespace {
/// In small letters.
std::string extension_of(const std::filesystem::path& path) {
  std::string end = path.extension().string();
  for (char& c : end)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return end;
}
}  // namespace

std::string unpacked_extension(const std::filesystem::path& path) {
  const std::string end = extension_of(path);
  return end == ".gz" ? extension_of(path.stem()) : end;
}

bool named_picture(const std::filesystem::path& path) {
  const std::string end = extension_of(path);
  constexpr std::string_view known[] = {".png", ".jpg", ".jpeg", ".bmp", ".ppm", ".pgm", ".pbm", ".pnm"};
  return std::find(std::begin(known), std::end(known), end) != std::end(known);
}

bool named_text(const std::filesystem::path& path) {
  const std::string end = unpacked_extension(path);
  constexpr std::string_view tables[] = {".csv", ".tsv", ".tab", ".data", ".jsonl", ".ndjson", ".json"};
  return std::find(std::begin(tables), std::end(tables), end) == std::end(tables) && !named_picture(path);
}

bool named_json_lines(const std::filesystem::path& path) {
  const std::string end = unpacked_extension(path);
  return end == ".jsonl" || end == ".ndjson";
}

std::vector<std::string> missing_words(const Dialect& dialect, std::vector<std::string> words) {
  if (dialect.made) return {};
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

Dialect lines_dialect(std::string name) {
  Dialect dialect;
  dialect.delimiter = line_separator;
  dialect.blank_rows = dialect.made = true;
  dialect.names = {std::move(name)};
  return dialect;
}

TextFlow lines_flow(ByteFlow bytes, TextEncoding encoding) { return {std::move(bytes), encoding, true}; }

}  // namespace bpnet
