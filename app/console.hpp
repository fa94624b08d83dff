#pragma once
// What a person sees while a network trains: the epoch table on stdout, the progress bar on stderr.

#include <chrono>
#include <filesystem>
#include <string>

#include "train/job.hpp"

namespace bpnet::app {

/// "0.4 ms", "3.21 s", "4 min 05 s", "2 h 13 min"; never wider than 10.
std::string duration(double seconds);
/// 1,234,567
std::string thousands(std::int64_t n);
/// A number far from 0 beside the deviation of its kind, with `digits` behind the first of the deviation.
std::string far_number(double x, double deviation, int digits);

/// Header, one row an evaluation, and the closing lines.
class Console final : public Observer {
 public:
  Console(const Job& job, std::filesystem::path folder) : job_(job), folder_(std::move(folder)) {}
  void start(const RunStart& start) override;
  void step(std::int64_t step, std::int64_t step_in_epoch, std::int64_t steps_per_epoch) override;
  void evaluation(const Evaluation& evaluation) override;
  void warning(const Problem&) override { clear_bar(); }  // which Warner prints
  void end(const RunEnd& end) override;

 private:
  void draw_bar(std::int64_t step_in_epoch, std::int64_t steps_per_epoch);
  void clear_bar();
  const Job& job_;
  std::filesystem::path folder_;
  RunStart start_;
  bool by_steps_ = false;  // evaluations are told by their steps, else by epochs
  bool terminal_ = false, bar_ = false;
  std::chrono::steady_clock::time_point begun_, drawn_;
  std::int64_t first_step_ = 0, step_ = 0;
};

/// Warnings while training runs, on stderr.
class Warner final : public Observer {
 public:
  void warning(const Problem& warning) override;
};

/// One JSON object an evaluation on stdout.
class JsonLines final : public Observer {
 public:
  void evaluation(const Evaluation& evaluation) override;
};

}  // namespace bpnet::app
