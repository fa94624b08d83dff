#pragma once
// A CSV file with a row for each evaluation, which a run that goes on continues.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/files.hpp"

namespace bpnet {

/// The shortest text that reads back the same.
std::string csv_number(double value);
std::string csv_quoted(const std::string& name);

/// The second cell of a row is its step. Throws Error(cannot_write), and Error(data) if a run goes on and the
/// file there has other columns.
class StepCsv {
 public:
  /// `steps_done` is where a resumed run goes on: rows of later steps are cut off. 0: the file is written
  /// anew.
  StepCsv(std::filesystem::path file, std::int64_t steps_done)
      : path_(std::move(file)), steps_done_(steps_done) {}
  /// Both end with the end of their line.
  void begin(const std::string& header);
  void append(std::string_view row) { file_->append(row); }
  /// Makes the rows durable.
  void sync() { file_->sync(); }

 private:
  std::filesystem::path path_;
  std::int64_t steps_done_;
  std::optional<AppendFile> file_;
};

}  // namespace bpnet
