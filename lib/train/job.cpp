#include "train/job.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/files.hpp"
#include "data/table_file.hpp"
#include "math/product.hpp"
#include "model/saturation.hpp"
#include "optimizers/by_stack.hpp"
#include "train/job_problems.hpp"
#include "train/job_warnings.hpp"

namespace bpnet {

namespace {

namespace fs = std::filesystem;
constexpr std::size_t settings_limit = std::size_t{1} << 20;

// A path of the file is relative to it, a typed one (--set) to the current folder. Messages show it as it is
// from here.
std::string from_here(const std::string& path, const std::string& key, const Bound& bound,
                      const fs::path& base) {
  const bool typed = bound.place_of(key).file.starts_with("--set");
  return (typed ? fs::path(path) : base / path).lexically_normal().string();
}

void from_here(FileList& items, const std::string& key, const Bound& bound, const fs::path& base) {
  for (FileItem& item : items)
    for (auto& [column, path] : item.files) path = from_here(path, key, bound, base);
}

void make_absolute(FileList& items) {
  for (FileItem& item : items)
    for (auto& [column, path] : item.files) path = fs::absolute(path).lexically_normal().string();
}

// Files of rows that are not there, each at its place.
void check_files_exist(const FileList& items, const std::string& key, const Bound& bound,
                       std::vector<Problem>& problems) {
  for (std::size_t i = 0; i < items.size(); ++i)
    for (const auto& [column, path] : items[i].files) {
      std::error_code failed;
      if (fs::exists(path, failed)) continue;
      const bool unreadable = failed && failed != std::errc::no_such_file_or_directory;
      const std::string item = key + "." + std::to_string(i + 1);
      const std::string at = bound.places.count(item) ? item : key;
      problems.push_back(problem_at(
          bound, column.empty() ? at : at + "." + column,
          unreadable ? "cannot read '" + path + "': " + failed.message() : "there is no file '" + path + "'",
          {"looked for at " + fs::path(path).lexically_normal().string()}));
    }
}

// Optimizers by stack: one for each there is.
void check_stacks_of_optimizers(const Settings& settings, const Bound& bound,
                                std::vector<Problem>& problems) {
  if (settings.optimizer.front().first.empty()) return;
  std::vector<std::string> known, said;
  std::vector<Problem> unknown;
  for (const Stack& stack : settings.model) known.push_back(stack.name);
  for (const auto& [name, choice] : settings.optimizer) {
    said.push_back(name);
    if (std::find(known.begin(), known.end(), name) == known.end())
      unknown.push_back(problem_at(bound, "optimizer." + name,
                                   "optimizer: the model has no stack '" + name + "'",
                                   {fmt::format("its stacks are {}", fmt::join(known, ", ")),
                                    fmt::format("one for all of them: optimizer: {}", choice.name())}));
  }
  if (!unknown.empty()) {
    std::move(unknown.begin(), unknown.end(), std::back_inserter(problems));
    return;
  }
  for (const std::string& name : known)
    if (std::find(said.begin(), said.end(), name) == said.end())
      problems.push_back(problem_at(bound, "optimizer", "optimizer says nothing of the stack '" + name + "'",
                                    {"each stack needs one: add '" + name + ": adam'"}));
}

// What one option's range cannot say.
void check_settings(const Settings& settings, const Bound& bound, std::vector<Problem>& problems) {
  const TrainSettings& train = settings.train;
  if (settings.data.file.empty() && settings.data.train.empty())
    problems.push_back(problem_at(bound, "data", "data names no file",
                                  {"add 'file: PATH' (cut into parts by split), or 'train: PATH'"}));
  if (!settings.data.file.empty() && !settings.data.train.empty())
    problems.push_back(
        problem_at(bound, "data.train", "data has both file and train",
                   {"file is cut by split; train, validation and test are files of their own"}));
  const FileList& first = settings.data.file.empty() ? settings.data.train : settings.data.file;
  const fs::path path = first.empty() ? "" : first[0].files[0].second;
  const auto task = settings.task.as<Task>();
  std::error_code failed;
  const bool folder = fs::is_directory(path, failed) ||
                      (!fs::exists(path, failed) && !path.has_extension()) || named_picture(path);
  if (settings.data.target.empty() && !folder && task->wants_target())
    problems.push_back(
        problem_at(bound, "data", "data names no target", {"add 'target: COLUMN', the column to learn"}));
  if (settings.model.empty())
    problems.push_back(
        problem_at(bound, "model", "there is no model", {"add a list of layers that ends with '- output'"}));
  for (const StackFault& fault : task->stack_faults(settings.model, settings.task.name()))
    problems.push_back(
        problem_at(bound, fault.stack.empty() || fault.stack == "main" ? "model" : "model." + fault.stack,
                   fault.message, {fault.help}));
  if (train.batch_tokens && train.batch_size)
    problems.push_back(problem_at(bound, "train.batch_tokens", "train has both batch_size and batch_tokens",
                                  {bound.place_of("train.batch_tokens").file.starts_with("--set")
                                       ? "say --set train.batch_size=all, too"
                                       : "keep the one that should say how large a batch is"}));
  if (train.steps && train.epochs)
    problems.push_back(problem_at(bound, "train.steps", "train has both epochs and steps",
                                  {bound.place_of("train.steps").file.starts_with("--set")
                                       ? "say --set train.epochs=none, too"
                                       : "keep the one that should end the training"}));
  if (!train.steps && !train.epochs)
    problems.push_back(problem_at(bound, "train.epochs", "train needs epochs or steps", {"say epochs: 100"}));
  const std::string& name = settings.name;
  if (name.empty() || name[0] == '.' || name.find('/') != std::string::npos)
    problems.push_back(problem_at(bound, "name", "name is of a folder in runs/, without '/' and not hidden",
                                  {"--out DIR puts a run anywhere"}));
  const auto not_zero = [&](const Length& length, const std::string& key, const std::string& help) {
    if (length.value == 0) problems.push_back(problem_at(bound, key, key + " must be > 0", {help}));
  };
  not_zero(train.evaluate, "train.evaluate", "to evaluate but once, at the end: 100%");
  if (train.max_time) not_zero(*train.max_time, "train.max_time", "to be without it: none");
  if (train.checkpoints)
    not_zero(train.checkpoint.every, "train.checkpoint.every", "to be without them: none");
  const auto no_time = [&](const Length& length, const std::string& key) {
    if (length.unit == Length::Unit::seconds)
      problems.push_back(problem_at(bound, key,
                                    key + " cannot be a time: the result would depend on the machine",
                                    {"say epochs or steps"}));
  };
  no_time(train.evaluate, "train.evaluate");
  if (train.stop_early) no_time(train.early_stopping.patience, "train.early_stopping.patience");
  if (train.max_time && train.max_time->unit != Length::Unit::seconds)
    problems.push_back(
        problem_at(bound, "train.max_time", "train.max_time is a time", {"say 10 minutes, for example"}));
  const auto told_in_steps = [&](const std::string& key, const std::string& choice, auto ask) {
    try {
      ask();
    } catch (const Error& error) {
      for (const Problem& p : error.problems()) {
        const std::string option = key + "." + choice + ".",
                          at = option + p.message.substr(0, p.message.find(' '));
        const bool of_option = bound.places.count(at) > 0;
        problems.push_back(
            problem_at(bound, of_option ? at : key, (of_option ? option : "") + p.message, p.help));
      }
    }
  };
  check_stacks_of_optimizers(settings, bound, problems);
  told_in_steps("schedule", settings.schedule.name(), [&] {
    settings.schedule.as<Schedule>()->factor({0, 100, 10});
  });
  if (auto problem = precision_problem(settings, bound, math::has_bfloat16()))
    problems.push_back(std::move(*problem));
  if (train.average)
    told_in_steps("train.average", train.average.name(), [&] {
      train.average.as<Average>()->share({100, 100, 10});
    });
}

// What is known once the rows and the layers are.
void check_optimizer(const Settings& settings, const Bound& bound, const Dataset& dataset, Learner& learner) {
  const TrainSettings& train = settings.train;
  const auto rows = static_cast<std::int64_t>(dataset.parts[0].size());
  Practice practice;
  practice.all_rows = train.batch_tokens.value_or(train.batch_size.value_or(rows)) >=
                      (rows + train.accumulate - 1) / train.accumulate;
  practice.clipped = train.clip_norm.has_value();
  practice.constrained = !Bounding(learner.network().weights().segments).empty();
  const auto nodes = learner.network().graph().nodes();
  practice.augmented = !train.augment.empty();
  practice.random = std::any_of(nodes.begin(), nodes.end(), [](const Node& n) { return n.plan.draws; });
  std::vector<Problem> problems;
  for (const auto& [stack, choice] : settings.optimizer) {
    const auto optimizer = choice.as<Optimizer>();
    Objection objection = optimizer->objection(practice);
    if (!stack.empty() && optimizer->looks_again())
      objection = {
          choice.name() + " moves all weights to look at the loss, and " + stack + " has only its own",
          "take it for all stacks, or another for this one"};
    if (objection)
      problems.push_back(problem_at(bound, "optimizer." + (stack.empty() ? "" : stack + ".") + choice.name(),
                                    "optimizer: " + objection.why, {objection.way_out}));
  }
  if (!problems.empty()) throw Error(Fault::configuration, std::move(problems));
}

void check_learns(const Graph& graph) {
  const Node* frozen = nullptr;
  for (const Node& node : graph.nodes()) {
    if (node.plan.parameters.empty()) continue;
    if (!node.freeze) return;
    if (!frozen) frozen = &node;
  }
  if (frozen)
    throw Error(Fault::configuration, frozen->place,
                "every layer with parameters is frozen: there is nothing to learn",
                {"leave freeze out of one, such as the output layer"});
}

bool has_steps(const Encoding& encoding) {
  const auto inputs = encoding.inputs();
  return std::any_of(inputs.begin(), inputs.end(), [](const InputPort& p) { return p.port.time > 0; });
}

void check_batches(const Settings& settings, const Bound& bound, const Encoding& encoding) {
  if (settings.train.batch_tokens && !has_steps(encoding))
    throw Error(Fault::configuration,
                {problem_at(bound, "train.batch_tokens",
                            "train.batch_tokens counts steps of sequences, and no input is one",
                            {"say batch_size"})});
}

// What is known once the metrics are.
void check_best(const Settings& settings, const Bound& bound, const Learner& learner) {
  const std::string& best = settings.train.best;
  if (best == "loss" || best == "last") return;
  std::vector<std::string> known = {"loss", "last"};
  for (const MetricName& metric : learner.metric_names()) {
    if (metric.name == best && metric.chooses) return;
    if (metric.name == best)
      throw Error(
          Fault::configuration,
          {problem_at(bound, "train.best",
                      "train.best: " + best + " chooses no epoch, as worse models may have more of it",
                      {"use loss, or another metric such as pinball"})});
    if (metric.chooses) known.push_back(metric.name);
  }
  const auto refuse = [&](std::string help) {
    throw Error(Fault::configuration,
                {problem_at(bound, "train.best",
                            "train.best is a metric of this run, loss or last; got '" + best + "'",
                            {std::move(help)})});
  };
  for (const std::string_view prefix : {"val_", "valid_", "validation_"})
    if (best.starts_with(prefix) &&
        std::find(known.begin(), known.end(), best.substr(prefix.size())) != known.end())
      refuse("say " + best.substr(prefix.size()) + ": it is that of the validation rows");
  if (metrics.find(best)) {
    std::string all;
    for (const MetricName& metric : learner.metric_names())
      if (metrics.find(metric.name)) all += metric.name + ", ";
    refuse("it is none of this run's metrics: write metrics: [" + all + best + "]");
  }
  std::string names;
  for (const std::string& name : known) names += (names.empty() ? "" : ", ") + name;
  const auto near = near_words(best, known);
  refuse(near.empty() ? "there are: " + names : "did you mean '" + near[0] + "'?");
}

}  // namespace

std::optional<Problem> precision_problem(const Settings& settings, const Bound& bound, bool has_bfloat16) {
  if (settings.train.precision == Precision::float32 || has_bfloat16) return std::nullopt;
  return problem_at(
      bound, "train.precision",
      "train.precision: bfloat16 needs a CPU with AVX512_BF16, which this one has not",
      {"say precision: float32, or train on an AMD CPU from Zen 4 on or an Intel Xeon from Sapphire "
       "Rapids on"});
}

TaskRequest task_request(const Settings& settings, const Bound& bound) {
  return {settings.model,
          settings.loss,
          settings.metrics,
          bound.place_of("model"),
          bound.place_of("loss"),
          bound.place_of("metrics"),
          settings.train.several ? static_cast<int>(settings.train.ensemble.members) : 1,
          settings.train.ensemble.shared,
          settings.train.augment,
          settings.train.test_average,
          bound.place_of("train.augment"),
          bound.place_of("train.test_average"),
          settings.train.precision,
          bound.place_of("train.ensemble")};
}

std::unique_ptr<Job> make_job(const fs::path& config, std::vector<std::string> overrides, Purpose purpose) {
  auto job = std::make_unique<Job>();
  Settings& settings = job->settings;
  job->overrides = std::move(overrides);
  std::vector<Problem> problems;
  job->bound =
      bind_settings(settings, config.string(), read_text(config, settings_limit), job->overrides, problems);
  const bool whole = problems.empty();
  if (settings.train.steps && !job->bound.places.count("train.epochs")) settings.train.epochs.reset();
  if (settings.train.batch_tokens && !job->bound.places.count("train.batch_size"))
    settings.train.batch_size.reset();
  const fs::path base = config.parent_path();
  DataSettings& data = settings.data;
  data.csv.complete_missing();
  from_here(data.file, "data.file", job->bound, base);
  from_here(data.train, "data.train", job->bound, base);
  from_here(data.validation, "data.validation", job->bound, base);
  from_here(data.test, "data.test", job->bound, base);
  if (std::string& from = settings.train.start_from; !from.empty())
    from = from_here(from, "train.start_from", job->bound, base);
  if (whole) check_settings(settings, job->bound, problems);
  if (!problems.empty()) add_problems_of_columns(settings, job->bound, problems);
  const Fault fault = problems.empty() ? Fault::missing_input : Fault::configuration;
  check_files_exist(data.file, "data.file", job->bound, problems);
  check_files_exist(data.train, "data.train", job->bound, problems);
  check_files_exist(data.validation, "data.validation", job->bound, problems);
  check_files_exist(data.test, "data.test", job->bound, problems);
  sort_by_place(problems);
  if (!problems.empty()) throw Error(fault, std::move(problems));
  if (settings.name == "auto") settings.name = config.stem().string();

  const TaskRequest request = task_request(settings, job->bound);
  const auto task = settings.task.as<Task>();
  DataRequest wanted = task->request(request);
  wanted.look_for_junk = purpose == Purpose::check;
  wanted.hash_files = purpose == Purpose::train;
  try {
    job->dataset = load_dataset(data, wanted);
  } catch (const Error& error) {
    throw Error(error.fault(), with_places(error, job->bound));
  }
  for (auto* files : {&data.file, &data.train, &data.validation, &data.test}) make_absolute(*files);
  if (std::string& from = settings.train.start_from; !from.empty())
    from = fs::absolute(from).lexically_normal().string();
  try {
    job->learner = task->learner(request, job->dataset.encoding);
  } catch (const Error& error) {
    throw Error(error.fault(), with_places(error, job->bound));
  }
  // Gradients through many steps now and then explode (Pascanu, Mikolov, Bengio 2013).
  if (has_steps(*job->dataset.encoding) && !job->bound.places.count("train.clip_norm"))
    settings.train.clip_norm = 1;
  check_learns(job->learner->network().graph());
  check_batches(settings, job->bound, *job->dataset.encoding);
  check_best(settings, job->bound, *job->learner);
  check_optimizer(settings, job->bound, job->dataset, *job->learner);
  job->warnings = job->bound.warnings;
  std::move(job->dataset.warnings.begin(), job->dataset.warnings.end(), std::back_inserter(job->warnings));
  add_warnings(*job);
  if (purpose == Purpose::check)
    if (auto warning = saturation(job->learner->network().graph()))
      job->warnings.push_back(std::move(*warning));
  return job;
}

}  // namespace bpnet
