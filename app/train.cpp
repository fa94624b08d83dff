#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <new>
#include <nlohmann/json.hpp>

#include "command.hpp"
#include "console.hpp"
#include "core/free_memory.hpp"
#include "core/hash.hpp"
#include "report/gradients_csv.hpp"
#include "report/log_csv.hpp"
#include "report/result.hpp"
#include "report/tensorboard.hpp"
#include "train/job.hpp"
#include "train/run_folder.hpp"
#include "train/start.hpp"
#include "train_log.hpp"

namespace bpnet::app::command_entries {

namespace {

namespace fs = std::filesystem;

struct TrainAsked {
  std::string config, out;
  std::vector<std::string> set;
  bool resume = false, force = false, quiet = false, json = false;
  int threads = 0;
};

Control control;

void on_signal(int signal) {
  if (signal == SIGUSR1 || signal == SIGHUP) {
    control.checkpoint = true;
    return;
  }
  if (control.stop.exchange(signal) != 0) _exit(128 + signal);  // the second one ends at once
}

void listen() {
  struct sigaction action = {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  for (int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1}) sigaction(signal, &action, nullptr);
}

double unix_time() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string own_hash() {
  std::error_code none;
  const fs::path self = fs::read_symlink("/proc/self/exe", none);
  return none ? "" : hash128_of_file(self);
}

// The newest run in ./runs with the same settings, for --resume without --out.
fs::path same_settings_run(Job& job) {
  for (const fs::path& folder : runs_in("runs")) {
    try {
      std::vector<Problem> ignored;
      const auto file = open_checkpoint(folder, ignored);
      if (file && changed_settings(*file, job).empty()) return folder;
    } catch (const Error&) {
      continue;  // a damaged one is not the one to go on with
    }
  }
  return {};
}

RunFolder folder_for(const TrainAsked& asked, Job& job, std::int64_t started) {
  using If = RunFolder::IfThere;
  if (!asked.out.empty())
    return RunFolder::at(asked.out,
                         asked.resume  ? If::resume
                         : asked.force ? If::replace
                                       : If::refuse,
                         started);
  if (asked.resume) {
    const fs::path same = same_settings_run(job);
    if (!same.empty()) return RunFolder::at(same, If::resume, started);
  }
  return RunFolder::next("runs", job.settings.name, started);
}

// Restores the trainer if the folder holds a checkpoint; refuses changed settings by name.
void go_on(const RunFolder& folder, Job& job, Trainer& trainer) {
  const auto checkpoint = open_checkpoint(folder.path(), job.warnings);
  if (!checkpoint) return;
  const auto changed = changed_settings(*checkpoint, job);
  if (!changed.empty())
    throw Error(Fault::configuration,
                fmt::format("{} was trained with other settings: {}", folder.path().string(),
                            fmt::join(changed, ", ")),
                {"only train.epochs, train.steps and train.max_time may change when a run goes on; --force "
                 "starts anew"});
  load_checkpoint(*checkpoint, job, trainer);
  if (trainer.step() > trainer.plan().steps)
    throw Error(Fault::configuration,
                fmt::format("{} has done {} steps, and these settings end after {}", folder.path().string(),
                            trainer.step(), trainer.plan().steps),
                {"a run goes on for as long as before, or longer (train.epochs, train.steps); --force starts "
                 "anew"});
}

int status_of_end(const RunEnd& end) {
  if (end.ending == Ending::diverged) return diverged;
  return end.ending == Ending::interrupted ? 128 + end.signal : int{ok};
}

/// When a command began.
struct Begin {
  double unix = unix_time();
  std::chrono::steady_clock::time_point clock = std::chrono::steady_clock::now();
};

int train_job(const TrainAsked& asked, const std::unique_ptr<Job>& job, const Begin& begin) {
  listen();
  Trainer trainer(job->settings, job->dataset, *job->learner);
  TakenTensors taken;
  try {
    taken = take_start(*job, trainer);
  } catch (const Error& error) {
    return report(error, "nothing was trained.");
  }
  const auto started_ns = static_cast<std::int64_t>(begin.unix * 1e9);
  const RunFolder folder = folder_for(asked, *job, started_ns);
  if (folder.resumed()) {
    go_on(folder, *job, trainer);
    folder.go_on(started_ns);
  }
  const auto taken_lines = folder.resumed() ? std::vector<std::string>{} : lines_of(taken);
  if (!folder.resumed())
    for (Problem& w : warnings_of(*job, taken)) job->warnings.push_back(std::move(w));
  for (const Problem& w : job->warnings) print_warning(w);
  if (!asked.quiet && !asked.json)
    for (const std::string& line : taken_lines) fmt::print("{}\n", line);
  if (!trainer.finished()) folder.remove_result();
  if (!trainer.finished()) write_file_unsynced(folder.file("config.yaml"), write_settings(job->settings));

  LogCsv log(folder.file("log.csv"), trainer.step());
  GradientsCsv gradients(folder.file("gradients.csv"), trainer.step());
  TensorBoard events(folder.path(), trainer.step(), unix_time);
  TrainLog text(folder.file("train.log"), job->warnings);
  for (const std::string& line : taken_lines) text.note(line);
  Console console(*job, folder.path());
  JsonLines lines;
  Warner warner;
  std::vector<Observer*> observers = {&log, &gradients, &events, &text};
  if (asked.json)
    observers.push_back(&lines);
  else if (!asked.quiet)
    observers.push_back(&console);
  observers.push_back(&warner);

  const auto save = [&] {
    log.sync();
    gradients.sync();
    folder.write_checkpoint(checkpoint_bytes(*job, trainer), job->settings.train.checkpoint.keep);
  };
  const bool nothing_left = trainer.finished();
  const RunEnd end = [&] {
    try {
      return trainer.run(observers, control, save);
    } catch (const Error& error) {
      text.failed(error.problems());
      throw;
    } catch (const std::bad_alloc&) {
      text.failed({{{}, "memory ran out", {}}});
      throw;
    }
  }();
  nlohmann::ordered_json result;
  // A process that was killed at the very end left a checkpoint, but no model or result.
  const bool whole = fs::exists(folder.file("model.safetensors")) && fs::exists(folder.file("result.json"));
  if (nothing_left && whole) {
    result = read_result(folder.path());
  } else {
    save_model(folder.file("model.safetensors"), *job, trainer);
    ProgramFacts facts{BPNET_VERSION, own_hash(), hash128_of_file(asked.config), begin.unix,
                       std::chrono::duration<double>(std::chrono::steady_clock::now() - begin.clock).count()};
    result = result_json(*job, trainer, end, facts);
    folder.write_result(result);
  }
  if (asked.json)
    fmt::print("{}\n", result.dump());
  else if (asked.quiet)
    fmt::print("{}\n", folder.path().string());
  else
    fmt::print("run folder   {}\nnext         bpnet eval {}{}\n", folder.path().string(),
               folder.path().string(),
               trainer.plan().has_test         ? ""
               : trainer.plan().has_validation ? " --rows validation"
                                               : " --rows train");
  if (end.ending == Ending::diverged) return report(Error(Fault::diverged, end.problems), nullptr);
  return status_of_end(end);
}

int run(const TrainAsked& asked) {
  const Begin begin;
  use_threads(asked.threads);
  std::unique_ptr<Job> job;
  try {
    job = make_job(asked.config, asked.set, Purpose::train);
  } catch (const Error& error) {
    return report(error, "nothing was trained.");
  }
  try {
    return train_job(asked, job, begin);
  } catch (const std::bad_alloc&) {
    throw Error(
        Fault::configuration, job->bound.place_of("train.batch_size"),
        fmt::format("memory ran out: a batch takes {} with the parameters, beside the data",
                    memory_text(static_cast<double>(job->learner->network().memory_bytes()))),
        {"make train.batch_size or the model smaller, or the pictures (resize, in their image column); "
         "fewer threads (--threads) take less, too"});
  }
}

}  // namespace

extern const Command train = {
    "train", "train a network", "bpnet train configs/wine.yaml --set train.epochs=20 --out runs/short",
    [](Arguments arguments) -> std::function<int()> {
      auto asked = std::make_shared<TrainAsked>();
      arguments.config(asked->config, asked->set);
      arguments.text("--out", asked->out, "DIR", "the run folder; runs/<name>-001, 002, ... when not given");
      const Argument resume =
          arguments.flag("--resume", asked->resume, "go on with the run that is there, start if none is");
      arguments.flag("--force", asked->force, "replace the run that is in the folder").excludes(resume);
      arguments.threads(asked->threads);
      const Argument quiet = arguments.flag("--quiet", asked->quiet, "stdout is one line, the run folder");
      arguments.flag("--json", asked->json, "an object for each evaluation, the result last").excludes(quiet);
      return [asked] { return run(*asked); };
    }};

}  // namespace bpnet::app::command_entries
