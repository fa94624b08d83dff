#include "train/job_warnings.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>
#include <utility>

#include "data/text_rows.hpp"
#include "data/words.hpp"
#include "optimizers/optimizer.hpp"
#include "schedules/schedule.hpp"
#include "train/batches.hpp"
#include "train/trainer.hpp"

namespace bpnet {

namespace {

bool decays(const nlohmann::json& options) {
  if (!options.is_structured()) return false;
  for (const auto& [key, value] : options.items())
    if (decays(value) || (key == "weight_decay" && value.is_number() && value > 0)) return true;
  return false;
}

Problem warning_at(const Place& place, std::string message, std::vector<std::string> help) {
  return {place, std::move(message), std::move(help), Severity::warning};
}

// Layers whose options, or whose rows, make them do nothing.
void warn_of_idle_layers(const Settings& settings, const Graph& graph, std::vector<Problem>& warnings) {
  const bool pulled =
      settings.train.l1 > 0 || settings.train.l2 > 0 ||
      std::any_of(settings.optimizer.begin(), settings.optimizer.end(), [](const auto& entry) {
        return decays(settings_to_json(*entry.second.template as<Optimizer>()));
      });
  std::set<std::pair<int, int>> told;  // places: a layer that is repeated has several nodes
  for (const Node& node : graph.nodes()) {
    if (!told.emplace(node.place.line, node.place.column).second) continue;
    if (node.decay != 1 && !pulled)
      warnings.push_back(warning_at(node.place,
                                    "decay is a factor on what pulls at weights (weight_decay of the "
                                    "optimizer, train.l1, train.l2), and "
                                    "there is none of it",
                                    {"say optimizer: {adamw: {weight_decay: 0.01}}, for example"}));
    if (node.kind == "batch_norm" && settings.train.batch_size == 1 && node.port().time == 0 &&
        node.port().shape.axes() == 1)
      warnings.push_back(warning_at(node.place,
                                    "batch_norm compares the rows of a batch, and batches have one row: it "
                                    "passes nothing on in training",
                                    {"a larger train.batch_size, or layer_norm"}));
  }
}

// The column says each row's part; what a run writes of the rest is the default.
void warn_of_idle_split(const Settings& settings, const Bound& bound, std::vector<Problem>& warnings) {
  const SplitSettings &split = settings.data.split, usual;
  if (split.column.empty()) return;
  for (const auto& [key, given] : {std::pair{"validation", split.validation.value != usual.validation.value},
                                   {"test", split.test.value != usual.test.value},
                                   {"seed", split.seed != usual.seed}})
    if (const std::string name = std::string("data.split.") + key; given && bound.places.count(name))
      warnings.push_back(warning_at(
          bound.place_of(name), name + " says nothing beside data.split.column, which says each row's part",
          {"leave it out"}));
}

/// What comes of the same file in two lists of the settings; `cut`: rows of this one go to several parts.
const char* harm_of_the_same_file(const std::string& list, const std::string& other, bool cut) {
  if (list == other)
    return cut ? "what is in it counts twice, and may be learnt and held out at once"
               : "what is in it counts twice";
  if (list == "data.validation") return "the validation scores are those of what was learnt";
  return other == "data.validation" ? "the test scores are those of the validation rows"
                                    : "the test scores are those of what was learnt";
}

// The same file once more, by whatever path. Files side by side are the same if all of them are.
void warn_of_the_same_files(const DataSettings& data, const Bound& bound, std::vector<Problem>& warnings) {
  struct Named {
    std::string list, key;
  };
  std::map<decltype(FileItem::files), Named> known;
  const auto look_at = [&](const std::string& list, const FileList& items, bool cut) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      const std::string key = items.size() > 1 ? list + "." + std::to_string(i + 1) : list;
      auto files = items[i].files;
      std::error_code failed;
      for (auto& [column, path] : files)
        if (const auto real = std::filesystem::weakly_canonical(path, failed); !failed) path = real.string();
      std::sort(files.begin(), files.end());
      const auto [at, fresh] = known.try_emplace(std::move(files), Named{list, key});
      if (fresh) continue;
      const auto& [other, other_key] = at->second;
      warnings.push_back(warning_at(
          bound.place_of(key),
          key + " is the same file as " + other_key + ": " + harm_of_the_same_file(list, other, cut),
          {list == other ? "leave one of them out"
                         : "name a file of other rows, or cut one into parts: data.file and data.split"}));
    }
  };
  const SplitSettings& split = data.split;
  // Rows that are the same stay on one side of a split by a column or by groups.
  const bool by_rows = split.column.empty() && split.group.empty(), validation = split.validation.value > 0;
  look_at("data.file", data.file, by_rows && (validation || split.test.value > 0));
  look_at("data.train", data.train, by_rows && validation && data.validation.empty());
  look_at("data.validation", data.validation, false);
  look_at("data.test", data.test, false);
}

// Without validation rows, what is to see when more training does harm sees nothing of it.
std::optional<Problem> watching_training_rows(const Job& job) {
  const TrainSettings& train = job.settings.train;
  const char* what = train.stop_early ? "early stopping goes by the scores of the training rows"
                     : job.settings.schedule.name() == "plateau"
                         ? "schedule: plateau goes by the scores of the training rows"
                     : train.best != "last" && job.bound.places.count("train.best") > 0
                         ? "train.best has none to choose by, and the last weights are kept"
                         : nullptr;
  if (!job.dataset.parts[1].empty() || !what) return std::nullopt;
  Problem p;
  p.severity = Severity::warning;
  p.message = std::string("there are no validation rows: ") + what;
  const SplitSettings& split = job.settings.data.split;
  if (!split.column.empty())
    p.help = {"to have some: say validation in some rows of column '" + split.column + "'"};
  else if (split.validation.value == 0)
    p.help = {"to have some: data.split.validation: 10%"};
  return p;
}

// Windows of a text that fill no batch, or are but one.
std::optional<Problem> few_windows(const Job& job) {
  const auto text = std::dynamic_pointer_cast<const TextWindows>(job.dataset.encoding);
  if (!text) return std::nullopt;
  const auto windows = static_cast<std::int64_t>(job.dataset.part(Part::training).size());
  const std::int64_t batch = job.settings.train.batch_size.value_or(1);
  if (windows > 1 && windows >= batch) return std::nullopt;
  const auto& counts = text->targets()[0].counts;
  const std::int64_t tokens = std::accumulate(counts.begin(), counts.end(), std::int64_t{0}),
                     shorter = std::max(tokens / std::max<std::int64_t>(batch, 4),
                                        std::min<std::int64_t>(8, tokens / 2));
  const bool by_column = job.bound.places.count("data.columns.text") > 0;
  const char* setting = by_column ? "data.columns.text.text.max_length: " : "task.language_model.context: ";
  return warning_at(
      job.bound.place_of(by_column ? "data.columns.text" : "task.language_model.context"),
      "the training text of " + count_of(tokens, "token") + " is " + count_of(windows, "window") +
          " of up to " + std::to_string(text->context()) +
          (windows == 1 ? ": a batch is that window alone" : ", and a batch has " + std::to_string(batch)),
      {"shorter windows: " + (setting + std::to_string(shorter))});
}

Progress all_planned(const Job& job) {
  const TrainSettings& train = job.settings.train;
  const Batches batches(*job.dataset.rows, job.dataset.part(Part::training), train.batch_size,
                        train.batch_tokens, train.seed, job.learner->learns_streams());
  return planned(train, batches.count());
}

// The rate rises as long as it is trained, or longer.
std::optional<Problem> too_long_warm_up(const Job& job) {
  const Settings& settings = job.settings;
  const Length& warmup = settings.schedule.as<Schedule>()->warmup;
  if (warmup.value == 0 || (warmup.unit == Length::Unit::percent && warmup.value < 100)) return std::nullopt;
  const Progress all = all_planned(job);
  const std::int64_t rise = steps_of(warmup, all);
  if (rise < all.steps) return std::nullopt;
  const std::string key = "schedule." + settings.schedule.name() + ".warmup";
  return warning_at(job.bound.place_of(key),
                    key + " takes " + count_of(rise, "step") + ", and the whole training has " +
                        std::to_string(all.steps) + ": the learning rate never comes to its full height",
                    {"say warmup: 10%, for example, or train longer"});
}

// It ends before there is anything to average.
std::optional<Problem> idle_average(const Job& job) {
  const TrainSettings& train = job.settings.train;
  if (!train.average) return std::nullopt;
  Progress end = all_planned(job);
  end.step = end.steps;
  if (train.average.as<Average>()->share(end) < 1) return std::nullopt;
  return warning_at(job.bound.place_of("train.average"),
                    "train.average: " + train.average.name() + " begins behind the end of the training, " +
                        count_of(end.steps, "step") + ": nothing is averaged",
                    {"say from: 75%, for example, or train longer"});
}

}  // namespace

void add_warnings(Job& job) {
  if (auto warning = watching_training_rows(job)) job.warnings.push_back(std::move(*warning));
  warn_of_the_same_files(job.settings.data, job.bound, job.warnings);
  warn_of_idle_split(job.settings, job.bound, job.warnings);
  if (auto warning = few_windows(job)) job.warnings.push_back(std::move(*warning));
  if (auto warning = too_long_warm_up(job)) job.warnings.push_back(std::move(*warning));
  if (auto warning = idle_average(job)) job.warnings.push_back(std::move(*warning));
  warn_of_idle_layers(job.settings, job.learner->network().graph(), job.warnings);
}

}  // namespace bpnet
