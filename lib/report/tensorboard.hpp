#pragma once
// Events for TensorBoard: scalars by optimizer step.

#include <filesystem>
#include <functional>
#include <optional>

#include "core/files.hpp"
#include "train/observer.hpp"

namespace bpnet {

/// Writes events.out.tfevents.<time>.<host>: loss/train, loss/validation, loss/test, the same for each
/// metric, learning_rate, gradient_norm, and gradient_norm/<path> of each layer. Throws Error(cannot_write).
class TensorBoard final : public Observer {
 public:
  /// `steps_done` is where a resumed run goes on: TensorBoard forgets what older files say of later steps.
  /// `now` gives seconds since 1970.
  TensorBoard(std::filesystem::path folder, std::int64_t steps_done, std::function<double()> now);
  void start(const RunStart& run) override { layers_ = run.layers; }
  void evaluation(const Evaluation& e) override;

 private:
  void open();  // with the first evaluation: a finished run that is resumed leaves no empty file
  std::filesystem::path folder_;
  std::int64_t steps_done_;
  std::vector<std::string> layers_;
  std::function<double()> now_;
  std::optional<AppendFile> file_;
};

}  // namespace bpnet
