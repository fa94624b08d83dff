#pragma once
// log.csv: a row for each evaluation.

#include <filesystem>
#include <optional>

#include "core/files.hpp"
#include "train/observer.hpp"

namespace bpnet {

/// Columns: epoch,step,seconds,learning_rate, then loss and each metric for train, validation and test (a
/// part without rows has none), then gradient_norm,weights_hash. Two runs of the same settings differ in
/// `seconds` alone. Throws Error(cannot_write), and Error(data) if a run goes on and the file there has other
/// columns.
class LogCsv final : public Observer {
 public:
  /// `steps_done` is where a resumed run goes on: rows of later steps are cut off. 0: the file is written
  /// anew.
  LogCsv(std::filesystem::path file, std::int64_t steps_done);
  void start(const RunStart& run) override;
  void evaluation(const Evaluation& e) override;
  /// Makes the rows durable. Called before a checkpoint is written, no row that belongs to it can be lost.
  void sync();

 private:
  std::filesystem::path path_;
  std::int64_t steps_done_;
  bool has_validation_ = false, has_test_ = false;
  std::optional<AppendFile> file_;
};

}  // namespace bpnet
