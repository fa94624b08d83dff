#pragma once
// Data as the rest of the program sees it: what was learnt from the training rows (Encoding), and rows ready
// to be gathered into batches (Rows). Files, cells and types are behind it.

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/shape.hpp"
#include "data/settings.hpp"
#include "losses/loss.hpp"
#include "text/tokenizer.hpp"

namespace bpnet {

/// Which features go into which stack of the model.
struct InputGroup {
  std::string stack;                 // "main", "inputs.photo"
  std::vector<std::string> columns;  // names or globs; {"*"}: every feature no other group names
  bool told = false;                 // what the model is to write: files of new rows may lack it
  bool tags = false;                 // told, with a label for each step of what the first group reads
  bool codes = false;  // its first layer is an embedding: all features are categories, as one i32 port
};

/// One thing a batch brings. A group has a real port (numbers, indicators, one-hot) if its width is not 0,
/// and one i32 port for each category that is embedded.
struct InputPort {
  std::string stack;
  std::string name;  // "numbers", "codes", or the embedded column's name
  Port port;  // real: (width). i32: (1) with classes = labels + 1 bucket for unseen ones (code 0), or, for a
              // group of codes, (columns) with offsets so that columns share one table
  int embedding_width = 0;  // > 0: the task puts an embedding of this width behind it
  int longest = 1;          // of a port with a time axis: the most steps a row may have
  bool cut = false;         // of a picture: a part of the kept one, in training at a random place
};

struct SeriesCode;

/// What was learnt from the training rows, in the model file so that new rows are read the same way: columns
/// in order with type, statistics and labels, the groups, the targets.
class Encoding {
 public:
  virtual ~Encoding() = default;
  virtual std::span<const InputPort> inputs() const = 0;
  virtual std::span<const TargetKind> targets() const = 0;
  /// How numbers are standardised in Rows::values; of classes {0, 1}.
  virtual std::span<const TargetScale> scales() const = 0;
  /// How rows were made windows; null: they were not.
  virtual const SeriesCode* series() const { return nullptr; }
  virtual nlohmann::json to_json() const = 0;
  /// Throws Error(data) if the text is not what to_json wrote.
  static std::shared_ptr<const Encoding> from_json(const nlohmann::json&);
};

/// What is done to a picture before the network sees it.
struct PictureChange {
  virtual ~PictureChange() = default;
  /// Of a port that sees a part of its pictures: the first row and column of it.
  struct Corner {
    int top = 0, left = 0;
  };
  static Corner middle(const Shape& whole, const Shape& part) {
    return {(whole[0] - part[0]) / 2, (whole[1] - part[1]) / 2};
  }
  virtual Corner corner(const Shape& whole, const Shape& part, std::size_t /*slot*/) const {
    return middle(whole, part);
  }
  /// image: (height, width, channels), values 0..1, changed in place; slot: its position in the batch. Called
  /// from several threads, each with another slot.
  virtual void apply(float* image, const Shape& shape, std::size_t slot) const = 0;
};

/// Encoded rows of one or more files, kept for training or scoring.
class Rows {
 public:
  virtual ~Rows() = default;
  virtual std::int64_t count() const = 0;
  virtual const Encoding& encoding() const = 0;
  /// Inputs of these rows into views of encoding().inputs()' ports. `change` is applied to each picture;
  /// without one, ports that see a part of their pictures see the middle.
  /// Steps that a row has more than its view are left out; those it has less are 0.
  /// Allocates nothing but, the first time that there is a change, room for a picture a thread.
  virtual void gather(std::span<const std::int64_t> rows, std::span<const View> inputs,
                      const PictureChange* change = nullptr) const = 0;
  /// Steps of these rows on a time axis of the ports: 1 or more.
  virtual void lengths(int time, std::span<const std::int64_t> rows, std::span<int> out) const;
  /// False if the one step that a row has there stands for an empty cell.
  virtual bool has_steps(int /*time*/, std::int64_t /*row*/) const { return true; }
  /// Tells which rows will be gathered next, where that saves time.
  virtual void expect(std::span<const std::int64_t>) const {}
  /// The picture of a row that goes into this input, as it is before any change, from 0 to 255; false if the
  /// input is none of pictures.
  virtual bool picture(std::int64_t row, std::size_t input, std::vector<std::uint8_t>& pixels,
                       Shape& shape) const;
  /// Class of target t in these rows, -1 where it has none; or its standardised value, NaN where it has none.
  virtual void classes(std::size_t t, std::span<const std::int64_t> rows, std::int32_t* out) const = 0;
  virtual void values(std::size_t t, std::span<const std::int64_t> rows, Real* out) const = 0;
  /// What target t was a season before, in the column's unit, as far as these windows know it (NaN: no row is
  /// so long ago); false if it is no forecast of a number.
  virtual bool season_before(std::size_t /*t*/, std::span<const std::int64_t> /*rows*/, int /*season*/,
                             double* /*out*/) const {
    return false;
  }
  /// How much each of these rows counts: 1 unless the data has a column of weights, and 0 or more.
  virtual bool weighted() const { return false; }
  virtual void weights(std::span<const std::int64_t> rows, Real* out) const;
  /// Where a text is to be told: what a row has for a group of texts, as it stands in the file; several
  /// columns with line ends between them.
  virtual std::string text(std::size_t /*group*/, std::int64_t /*row*/) const { return ""; }
  /// Where a row stands in its file.
  virtual Place place(std::int64_t row) const = 0;
};

/// One column as `check` tells it.
struct ColumnReport {
  static constexpr std::int64_t distinct_at_most = 1000;  // or more
  std::string name;
  std::string type;  // "number", "category", "date", "text", "sequence", "image", "ignored", "target:
                     // classes" (or number, text, labels), "split", "weight", "group", "order"
  std::string why;   // "declared", "all 178 cells are numbers", ...
  std::optional<std::int64_t> missing;  // of columns that are read
  std::optional<std::int64_t>
      distinct;        // up to 1000, then "1000 or more"; counted only when looking for junk
  std::string detail;  // "mean 13.0 deviation 0.81", "3 classes: barbera, barolo, grignolino"
};

enum class Part : std::uint8_t { training, validation, test };

/// A training job's data.
struct Dataset {
  std::shared_ptr<const Encoding> encoding;
  std::shared_ptr<const Rows> rows;
  std::array<std::vector<std::int64_t>, 3> parts;  // row numbers by Part, ascending
  std::vector<ColumnReport> columns;
  std::vector<Problem> warnings;    // in the order found, each once
  std::int64_t without_target = 0;  // rows left out
  struct File {
    std::string path;      // absolute
    std::string hash;      // XXH3-128 of its bytes, hex; empty unless asked for
    std::string pictures;  // the same of those that its cells name; empty if they name none
    bool operator==(const File&) const = default;
  };
  std::vector<File> files;
  std::span<const std::int64_t> part(Part p) const { return parts[static_cast<std::size_t>(p)]; }
};

struct DataRequest {
  std::filesystem::path base;  // paths in the settings are relative to it
  std::vector<InputGroup> groups;
  /// What a written loss says of a target whose column could be either; empty name: of all targets.
  struct Hint {
    std::string target;
    bool classes;
  };
  std::vector<Hint> hints;
  std::vector<int> seasons = {1};  // of the seasonal errors that are asked for
  /// One text, in windows of `context` tokens, instead of a table. What is not said here, a column named
  /// `text` may say in the settings.
  struct Text {
    std::shared_ptr<const TokenizerType> tokenizer;
    std::optional<std::int64_t> context;
  };
  std::optional<Text> text;
  /// The target is a text, read by the stack of this name as if it were a feature; "": it is none.
  std::string target_stack;
  bool shared_vocabulary = false;  // of all texts
  std::int64_t told_at_most = 0;   // tokens that a text may have when it is told; 0: any number
  bool look_for_junk = false;      // check: leaks, row counters, constant columns, rows in two parts
  bool hash_files = true;          // check needs no hashes
};

/// Reads, types, splits, fits and encodes. Throws Error with all problems found: missing_input, data,
/// configuration (a column named in the settings that no file has).
Dataset load_dataset(const DataSettings& settings, const DataRequest& request);

/// Of a table, what load_dataset finds without reading rows: in the settings and the names of columns.
void check_columns(const DataSettings& settings, const DataRequest& request);

/// Hash of a file's bytes, or of the names and bytes of a folder's files.
std::string hash_of_data(const std::filesystem::path& path);
std::uintmax_t bytes_of_data(const std::filesystem::path& path);

/// Reads other files with an existing encoding; target columns may be missing unless wanted, and weights.
/// Unseen categories are counted in the warnings. Of series, windows with targets if they are wanted; else
/// those behind which nothing is known: the last of each series, and with horizon 0 all.
struct OtherRows {
  std::shared_ptr<const Rows> rows;
  std::vector<std::int64_t>
      which;  // to be scored: all but those that miss a cell of a column that drops such
  std::vector<Problem> warnings;
  std::string time_format;  // of series whose times are dates: how the file writes them (see write_date)
};
/// `file`: one, which may be "-", standard input; or several side by side.
OtherRows load_rows(std::shared_ptr<const Encoding> encoding, const FileItem& file, bool targets_wanted);

/// Rows of a file or of standard input ("-") piece by piece, for predict: constant memory.
class RowStream {
 public:
  virtual ~RowStream() = default;
  /// The next rows, as many as came in or fill a cache; nullptr at the end.
  virtual std::shared_ptr<const Rows> next() = 0;
  /// True for each of the last rows that has no answer, as its picture cannot be read; empty: all have one.
  virtual std::span<const char> unread() const = 0;
  /// A cell of a row of the last rows, as written (unquoted).
  virtual std::string_view cell(std::int64_t row, std::size_t column) const = 0;
  /// Position of a column in the file's header; throws Error(data) listing the columns when there is none.
  virtual std::size_t column(std::string_view name) = 0;
  virtual std::vector<Problem> warnings() const = 0;
  /// Each row is a line of text.
  virtual bool lines() const = 0;
};
std::unique_ptr<RowStream> open_stream(std::shared_ptr<const Encoding> encoding, const std::string& file);

}  // namespace bpnet
