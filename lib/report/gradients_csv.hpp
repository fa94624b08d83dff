#pragma once
// gradients.csv: the norm of each layer's gradient, a row for each evaluation.

#include "report/step_csv.hpp"
#include "train/observer.hpp"

namespace bpnet {

/// Columns: epoch,step, then the paths of the layers that have parameters. Throws as StepCsv.
class GradientsCsv final : public Observer {
 public:
  GradientsCsv(std::filesystem::path file, std::int64_t steps_done) : file_(std::move(file), steps_done) {}
  void start(const RunStart& run) override;
  void evaluation(const Evaluation& e) override;
  /// As LogCsv::sync.
  void sync() { file_.sync(); }

 private:
  StepCsv file_;
};

}  // namespace bpnet
