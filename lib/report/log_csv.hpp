#pragma once
// log.csv: a row for each evaluation.

#include "report/step_csv.hpp"
#include "train/observer.hpp"

namespace bpnet {

/// Columns: epoch,step,seconds,learning_rate, then loss and each metric for train, validation and test (a
/// part without rows has none), then gradient_norm,weights_hash. Two runs of the same settings differ in
/// `seconds` alone. Throws as StepCsv.
class LogCsv final : public Observer {
 public:
  LogCsv(std::filesystem::path file, std::int64_t steps_done) : file_(std::move(file), steps_done) {}
  void start(const RunStart& run) override;
  void evaluation(const Evaluation& e) override;
  /// Makes the rows durable. Called before a checkpoint is written, no row that belongs to it can be lost.
  void sync() { file_.sync(); }

 private:
  StepCsv file_;
  bool has_validation_ = false, has_test_ = false;
};

}  // namespace bpnet
