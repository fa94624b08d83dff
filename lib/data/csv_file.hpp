#pragma once
// A CSV file that stays open while it is read, perhaps more than once.

#include <filesystem>
#include <string>
#include <string_view>

#include "core/files.hpp"
#include "data/csv_dialect.hpp"

namespace bpnet {

class CsvFile {
 public:
  /// Opens it and finds its dialect. `shown` is its name in messages. Throws Error(missing_input), Error(data).
  CsvFile(const std::filesystem::path& path, std::string shown, const CsvSettings& settings);
  const std::filesystem::path& path() const { return path_; }
  const std::string& shown() const { return shown_; }
  const Dialect& dialect() const { return dialect_; }
  const MappedFile& file() const { return file_; }
  std::string_view text() const { return {file_.bytes().data(), file_.bytes().size()}; }

 private:
  std::filesystem::path path_;
  std::string shown_;
  MappedFile file_;
  Dialect dialect_;
};

}  // namespace bpnet
