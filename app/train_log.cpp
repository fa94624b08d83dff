#include "train_log.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>

namespace bpnet::app {

namespace {
std::string in_one_line(const Problem& problem) {
  std::string line = problem.message;
  for (const std::string& help : problem.help) line += "; " + help;
  return line;
}
}  // namespace

TrainLog::TrainLog(const std::filesystem::path& file, std::span<const Problem> warnings)
    : log_(std::make_unique<spdlog::logger>(
          "bpnet", std::make_shared<spdlog::sinks::basic_file_sink_st>(file.string()))) {
  log_->set_pattern("%Y-%m-%d %H:%M:%S.%e %l: %v");
  log_->flush_on(spdlog::level::info);
  for (const Problem& w : warnings) log_->warn("{}", w.message);
}

TrainLog::~TrainLog() = default;

void TrainLog::start(const RunStart& start) {
  const std::int64_t first = start.first_epoch * start.steps_per_epoch + 1;
  log_->info("{}: {} training, {} validation, {} test rows; {} parameters; {}", start.name, start.rows[0],
             start.rows[1], start.rows[2], start.parameters,
             first <= start.steps ? fmt::format("steps {} to {}", first, start.steps)
                                  : fmt::format("all {} steps are done", start.steps));
}

void TrainLog::evaluation(const Evaluation& e) {
  log_->info("epoch {} step {}: train loss {:.6g}{}{}{}", e.epoch, e.step, e.train.loss,
             e.validation.empty ? "" : fmt::format(", validation loss {:.6g}", e.validation.loss),
             e.test.empty ? "" : fmt::format(", test loss {:.6g}", e.test.loss),
             e.best ? ", best so far" : "");
}

void TrainLog::warning(const Problem& p) { log_->warn("{}", in_one_line(p)); }

void TrainLog::checkpoint(std::int64_t step) { log_->info("checkpoint after step {}", step); }

void TrainLog::note(const std::string& line) { log_->info("{}", line); }

void TrainLog::failed(const std::vector<Problem>& problems) {
  for (const Problem& p : problems) log_->error("{}", in_one_line(p));
}

void TrainLog::end(const RunEnd& end) {
  static constexpr const char* words[] = {"finished", "stopped early", "stopped after max_time",
                                          "stopped by a signal", "diverged"};
  failed(end.problems);
  log_->info("{} after {:.3f} s, best epoch {}", words[static_cast<std::size_t>(end.ending)], end.seconds,
             end.best.epoch);
}

}  // namespace bpnet::app
