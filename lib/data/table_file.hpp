#pragma once
// A file of rows that is read, perhaps more than once.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/files.hpp"
#include "data/csv_dialect.hpp"
#include "data/idx.hpp"
#include "data/picture_folder.hpp"
#include "data/record_flow.hpp"

namespace bpnet {

/// CSV, JSON Lines if it is called so or begins with an object, pictures (a folder of them, with the
/// columns image and label, or one) or IDX (one column, image or label). Of a folder and of IDX a text is
/// made that has the pictures' paths below the folder, or their numbers in the file from 1.
inline constexpr const char* image_column = "image";
inline constexpr const char* label_column = "label";

/// Whether a file begins like IDX, packed or not.
bool holds_idx(const std::filesystem::path& path, const std::string& shown);

/// Throws Error(data) if bytes from standard input begin like IDX, which is read from files only.
void refuse_idx(std::string_view bytes, const std::string& shown);

class TableFile {
 public:
  /// Opens it and finds its dialect. `shown` is its name in messages. Throws Error(missing_input),
  /// Error(data).
  /// "-" is standard input, which is kept in memory. `lines`: text of which each line is a row of one column,
  /// whatever is in it.
  TableFile(const std::filesystem::path& path, std::string shown, const CsvSettings& settings,
            bool lines = false);
  const std::filesystem::path& path() const { return path_; }
  const std::string& shown() const { return shown_; }
  const Dialect& dialect() const { return dialect_; }
  bool json_lines() const { return json_lines_; }
  bool csv() const { return !json_lines_ && !dialect_.made; }
  bool lines() const { return lines_; }
  /// The first row of CSV was taken for a header, which the settings do not say.
  bool guessed_header() const { return guessed_header_; }
  /// Of IDX; else null.
  const std::shared_ptr<const IdxFile>& idx() const { return idx_; }
  /// Of a folder: what each row is called in messages; else null.
  const std::shared_ptr<const std::vector<std::string>>& row_names() const { return row_names_; }
  /// Of a folder, without its pictures: what is remarkable of it.
  const PictureFolder& remarks() const { return remarks_; }
  /// Types that columns have by the kind of file they are in: name and type.
  std::vector<std::pair<std::string, const char*>> known_types() const;
  /// Paths in its cells begin there.
  const std::filesystem::path& folder() const { return folder_; }
  /// True for CSV that is read as it is written: at any offset. Others flow from the beginning to the end.
  bool plain() const { return plain_; }
  /// Bytes of the file.
  std::size_t size() const { return file_ ? file_->size() : made_->size(); }
  /// About how many bytes its text has: a packed one is taken to be six times as long as its file.
  double text_size() const { return static_cast<double>(made_ ? made_->size() : size()) * (packed_ ? 6 : 1); }
  /// Copies bytes [begin, end) of a plain file. Throws Error(data) if it has become shorter.
  void read(std::size_t begin, std::size_t end, char* to) const { file_->read(begin, {to, end - begin}); }
  /// To JSON Lines: a column that no object has, all of whose cells are missing.
  void add_column(const std::string& name);
  /// True for CSV of one column whose name is among its first cells too, so that it is a cell itself.
  bool header_is_a_cell() const;
  /// Calls the column at this position so, of a file that has names of its own for all.
  void name_column(std::size_t at, const std::string& name);
  /// Its records from the first on. `json`: how they are cut if they are JSON Lines (see json_records).
  RecordFlow records(const JsonRecords* json) const;
  /// Cuts JSON Lines, of which only the columns marked here are wanted; none for CSV.
  std::unique_ptr<JsonRecords> json_records(std::vector<char> wanted) const;

 private:
  TextFlow flow() const;
  bool open(const std::filesystem::path& path);
  void make_of_pictures(PictureFolder pictures);
  void make_of_idx();
  Dialect survey(TextFlow text, std::string beginning) const;

  std::filesystem::path path_, folder_;
  std::string shown_;
  TextEncoding encoding_;
  std::optional<InputFile> file_;
  std::shared_ptr<const std::string> made_;  // the text of a folder or of IDX; or standard input
  std::shared_ptr<const IdxFile> idx_;
  std::shared_ptr<const std::vector<std::string>> row_names_;
  PictureFolder remarks_;
  bool json_lines_ = false, plain_ = false, packed_ = false, lines_ = false, guessed_header_ = false;
  Dialect dialect_;
  std::vector<std::string> keys_;  // of JSON Lines: what objects call the columns
};

/// True for names that end as pictures' do that can be read.
bool named_picture(const std::filesystem::path& path);

/// In small letters, and that before .gz: ".csv" of A.CSV.gz.
std::string unpacked_extension(const std::filesystem::path& path);

/// True for names that do not end as those of tables do (.csv, .tsv, .jsonl, ..., perhaps with .gz behind
/// it).
bool named_text(const std::filesystem::path& path);

/// True for names that end in .jsonl or .ndjson, perhaps with .gz behind it.
bool named_json_lines(const std::filesystem::path& path);

/// The cells of a file that count as missing: these, and in JSON Lines, where null becomes one, empty ones.
std::vector<std::string> missing_words(const Dialect& dialect, std::vector<std::string> words);

/// How JSON Lines are read that begin like this; the names of its columns are yet to come.
Dialect json_dialect(std::string_view text);

/// How text is read of which each line is a row of one column, whatever is in it.
Dialect lines_dialect(std::string name);
TextFlow lines_flow(ByteFlow bytes, TextEncoding encoding);

}  // namespace bpnet
