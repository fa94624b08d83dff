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
  /// Opens it and finds its dialect. `shown` is its name in messages. Throws Error(missing_input),
  /// Error(data).
  CsvFile(const std::filesystem::path& path, std::string shown, const CsvSettings& settings);
  const std::filesystem::path& path() const { return path_; }
  const std::string& shown() const { return shown_; }
  const Dialect& dialect() const { return dialect_; }
  /// All of it, mapped: to look here and there.
  std::string_view text() const { return {map_.bytes().data(), map_.bytes().size()}; }
  /// Copies bytes [begin, end) of it: the faster way to read it from one end to the other, and one that
  /// survives a file that gets shorter. Throws Error(data) if it did.
  void read(std::size_t begin, std::size_t end, char* to) const;

 private:
  std::filesystem::path path_;
  std::string shown_;
  MappedFile map_;
  Descriptor file_;
  Dialect dialect_;
};

}  // namespace bpnet
