#pragma once
// train.log: what happened and when, for people, one line each.

#include <filesystem>
#include <memory>
#include <span>

#include "train/observer.hpp"

namespace spdlog {
class logger;
}

namespace bpnet::app {

class TrainLog final : public Observer {
 public:
  /// Opens the file for appending; the warnings found so far are its first lines.
  TrainLog(const std::filesystem::path& file, std::span<const Problem> warnings);
  ~TrainLog() override;
  void note(const std::string& line);
  /// What ends the training without an end.
  void failed(const std::vector<Problem>& problems);
  void start(const RunStart& start) override;
  void evaluation(const Evaluation& evaluation) override;
  void checkpoint(std::int64_t step) override;
  void warning(const Problem& warning) override;
  void end(const RunEnd& end) override;

 private:
  std::unique_ptr<spdlog::logger> log_;
};

}  // namespace bpnet::app
