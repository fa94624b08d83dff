// Reads, infers, plans; prints what training would see and what looks wrong in the data. Trains nothing.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>

#include "command.hpp"
#include "console.hpp"
#include "data/series.hpp"
#include "model/model_memory.hpp"
#include "own_rows.hpp"
#include "report/looks.hpp"
#include "text_table.hpp"
#include "train/job.hpp"
#include "train/start.hpp"

namespace bpnet::app::command_entries {

namespace {

struct CheckAsked {
  std::string config;
  std::vector<std::string> set;
  int threads = 0, images = 0;
  std::string out;
  bool json = false;
};

struct Measured {
  std::optional<double> epoch_seconds;
  double padding = 0;
  std::size_t memory_bytes = 0;
  std::vector<std::string> taken;    // what train.start_from gives, a line each
  std::optional<LackOfMemory> lack;  // of what a batch needs: no step was taken
};

// A few steps, for the time of an epoch and the memory of training.
Measured measure(Job& job) {
  Trainer trainer(job.settings, job.dataset, *job.learner);
  const TakenTensors start = take_start(job, trainer);
  for (Problem& w : warnings_of(job, start)) job.warnings.push_back(std::move(w));
  using Clock = std::chrono::steady_clock;
  Measured out;
  out.taken = lines_of(start);
  try {
    trainer.bare_full_step();
    double spent = 0;
    int taken = 0;
    for (const auto begin = Clock::now(); taken < 1000 && spent < 0.005; ++taken) {
      trainer.bare_full_step();
      spent = std::chrono::duration<double>(Clock::now() - begin).count();
    }
    out.epoch_seconds = spent / taken * static_cast<double>(trainer.plan().steps_per_epoch);
  } catch (const LackOfMemory& lack) {
    out.lack = lack;
    out.memory_bytes = lack.bytes;
  }
  out.padding = trainer.batches().padding();
  out.memory_bytes += job.learner->network().memory_bytes() + trainer.optimizer_state().size_bytes() +
                      trainer.best_values().size_bytes() + trainer.best_buffers().size_bytes() +
                      trainer.average_values().size_bytes() + trainer.average_buffers().size_bytes();
  return out;
}

std::string bytes_text(std::size_t bytes) {
  const auto n = static_cast<double>(bytes);
  if (n < 1e4) return fmt::format("{} bytes", bytes);
  if (n < 1e7) return fmt::format("{:.1f} kB", n / 1e3);
  if (n < 1e10) return fmt::format("{:.1f} MB", n / 1e6);
  return fmt::format("{:.1f} GB", n / 1e9);
}

std::int64_t parameters_of(const Node& node) {
  std::int64_t n = 0;
  for (const Parameter& p : node.plan.parameters) n += static_cast<std::int64_t>(p.shape.elements());
  return n;
}

bool is_frozen(const Node& node) { return node.freeze && !node.plan.parameters.empty(); }

using Align = TextTable::Align;

std::string count_text(const std::optional<std::int64_t>& count, std::int64_t most) {
  if (!count) return "-";
  return *count < most ? thousands(*count) : thousands(most) + "+";
}

void print_columns(const Dataset& dataset) {
  TextTable table({Align::left, Align::left, Align::right, Align::right, Align::left});
  table.add({"column", "type", "missing", "distinct", "what was found"});
  for (const ColumnReport& c : dataset.columns) {
    const std::string why = shown(c.why, 60);
    table.add({shown(c.name), c.type, count_text(c.missing, std::numeric_limits<std::int64_t>::max()),
               count_text(c.distinct, ColumnReport::distinct_at_most),
               c.detail.empty() ? why : shown(c.detail, 80) + " (" + why + ")"});
  }
  fmt::print("{}", table.text());
}

void print_layers(const Network& network) {
  TextTable table({Align::left, Align::left, Align::right, Align::right, Align::right});
  table.add({"layer", "kind", "shape", "parameters", "multiply-adds"});
  for (const Node& node : network.graph().nodes())
    table.add({shown(node.path, 40), node.kind, node.told.text(),
               (is_frozen(node) ? "frozen " : "") + thousands(parameters_of(node)),
               thousands(node.plan.multiply_adds)});
  table.add({"total", "", "", thousands(network.parameter_count()), thousands(network.multiply_adds())});
  fmt::print("\n{}", table.text());
}

// The largest classes first where there are too many for a line.
std::string classes_text(const TargetKind& target) {
  constexpr std::size_t most = 10;
  std::vector<std::size_t> order(target.labels.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (order.size() > most)
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return target.counts[a] > target.counts[b]; });
  std::string out;
  for (std::size_t i = 0; i < std::min(most, order.size()); ++i)
    out += fmt::format("{}{} {}", i > 0 ? ", " : "", shown(target.labels[order[i]]),
                       thousands(target.counts[order[i]]));
  return order.size() > most ? fmt::format("{}, {} more", out, order.size() - most) : out;
}

void print_series(const SeriesCode& series) {
  const std::string told = series.horizon == 0   ? "what its last row is"
                           : series.horizon == 1 ? "the row behind it"
                                                 : fmt::format("the {} rows behind it", series.horizon);
  fmt::print("series        a window of {} rows in the order of {}{} tells {}\n", series.window,
             shown(series.time), series.by.empty() ? "" : ", of one " + shown(series.by) + ",", told);
}

/// A line for each; one for all steps ahead of a column.
void print_targets(const std::vector<TargetKind>& targets, const std::vector<std::string>& losses) {
  std::size_t alike = 1;
  for (std::size_t t = 0; t < targets.size(); t += alike) {
    const TargetKind& target = targets[t];
    alike = 1;
    while (t + alike < targets.size() && !target.column.empty() && targets[t + alike].column == target.column)
      ++alike;
    const std::string name = shown(alike > 1 ? target.column : target.name);
    const std::string ahead = alike > 1 ? fmt::format(", {} steps ahead", alike) : "";
    if (!target.classes)
      fmt::print("target        {}: a number{}, loss {}\n", name, ahead, losses[t]);
    else if (!target.characters.empty())
      fmt::print("target        {}: a text of {} tokens, loss {}\n", name,
                 thousands(static_cast<std::int64_t>(target.labels.size())), losses[t]);
    else
      fmt::print("target        {}: {} classes ({}){}, loss {}\n", name, target.labels.size(),
                 classes_text(target), ahead, losses[t]);
  }
}

void print_text(const Job& job, const Measured& measured) {
  const Dataset& data = job.dataset;
  for (const Dataset::File& file : data.files) fmt::print("data          {}\n", file.path);
  fmt::print("rows          {} training, {} validation, {} test\n",
             thousands(static_cast<std::int64_t>(data.parts[0].size())),
             thousands(static_cast<std::int64_t>(data.parts[1].size())),
             thousands(static_cast<std::int64_t>(data.parts[2].size())));
  if (data.without_target > 0)
    fmt::print("left out      {} rows without a target\n", thousands(data.without_target));
  print_targets(job.learner->targets(), job.learner->loss_names());
  if (const SeriesCode* series = data.encoding->series()) print_series(*series);
  fmt::print("\n");
  print_columns(data);
  print_layers(job.learner->network());
  fmt::print("\nmemory        {} to train, {} of them parameters\n", bytes_text(measured.memory_bytes),
             bytes_text(static_cast<std::size_t>(job.learner->network().parameter_count()) * sizeof(Real)));
  if (measured.epoch_seconds)
    fmt::print("an epoch      {} (measured on a few steps, without evaluation)\n",
               duration(*measured.epoch_seconds));
  for (const std::string& line : measured.taken) fmt::print("{}\n", line);
  if (measured.padding > 0)
    fmt::print("padding       {:.1f} % of the steps of batches\n", 100 * measured.padding);
}

nlohmann::ordered_json series_json(const SeriesCode& series, const DataSettings& settings) {
  nlohmann::ordered_json out = {{"time", series.time}, {"by", nullptr}};
  if (!series.by.empty()) out["by"] = series.by;
  out["window"] = series.window;
  out["horizon"] = series.horizon;
  out["step"] = series.step;
  out["known"] = settings.series.known;
  out["layout"] = series.grid ? "grid" : "sequence";
  return out;
}

nlohmann::ordered_json count_json(const std::optional<std::int64_t>& count) {
  return count ? nlohmann::ordered_json(*count) : nlohmann::ordered_json();
}

void print_json(const Job& job, const Measured& measured) {
  using Json = nlohmann::ordered_json;
  Json out;
  for (const Dataset::File& f : job.dataset.files)
    out["files"].push_back({{"path", f.path}, {"bytes", bytes_of_data(f.path)}});
  for (std::size_t p = 0; p < 3; ++p)
    out["rows"][p == 0 ? "train" : p == 1 ? "validation" : "test"] = job.dataset.parts[p].size();
  out["without_target"] = job.dataset.without_target;
  out["columns"] = Json::array();
  for (const ColumnReport& c : job.dataset.columns)
    out["columns"].push_back({{"name", c.name},
                              {"type", c.type},
                              {"why", c.why},
                              {"missing", count_json(c.missing)},
                              {"distinct", count_json(c.distinct)},
                              {"detail", c.detail}});
  const auto losses = job.learner->loss_names();
  const auto targets = job.learner->targets();
  for (std::size_t t = 0; t < targets.size(); ++t)
    out["targets"].push_back(
        targets[t].characters.empty()
            ? Json{{"name", targets[t].name}, {"classes", targets[t].labels}, {"loss", losses[t]}}
            : Json{{"name", targets[t].name}, {"tokens", targets[t].labels.size()}, {"loss", losses[t]}});
  if (const SeriesCode* series = job.dataset.encoding->series())
    out["series"] = series_json(*series, job.settings.data);
  out["inputs"] = Json::array();
  out["layers"] = Json::array();
  for (const Node& node : job.learner->network().graph().nodes()) {
    const Json shape = std::vector<int>(node.told.shape.sizes().begin(), node.told.shape.sizes().end());
    if (node.is_input())
      out["inputs"].push_back(
          {{"name", node.path}, {"shape", shape}, {"codes", node.told.type == Type::i32}});
    else
      out["layers"].push_back({{"name", node.path},
                               {"kind", node.kind},
                               {"shape", shape},
                               {"parameters", parameters_of(node)},
                               {"frozen", is_frozen(node)},
                               {"multiply_adds", node.plan.multiply_adds}});
  }
  out["parameters"] = job.learner->network().parameter_count();
  out["multiply_adds"] = job.learner->network().multiply_adds();
  out["memory_bytes"] = measured.memory_bytes;
  out["epoch_seconds"] =
      measured.epoch_seconds ? nlohmann::ordered_json(*measured.epoch_seconds) : nlohmann::ordered_json();
  for (const Problem& w : job.warnings) out["warnings"].push_back(w.message);
  fmt::print("{}\n", out.dump());
}

// What training sees of some pictures, drawn anew as in several epochs.
void write_sheet(const Job& job, const CheckAsked& asked) {
  const auto drawn = training_sheet(job.settings, job.dataset, *job.learner, asked.images);
  if (!drawn)
    throw Error(Fault::configuration, "--images: the model has no image column as input",
                {"leave --images out, or declare a column: data.columns: {COLUMN: image}"});
  write_png(asked.out, *drawn);
}

int run(const CheckAsked& asked) {
  require_png(asked.out, "the pictures go");
  use_threads(asked.threads);
  std::unique_ptr<Job> job;
  try {
    job = make_job(asked.config, asked.set, Purpose::check);
  } catch (const Error& error) {
    return report(error, "nothing was trained.");
  }
  if (asked.images > 0) write_sheet(*job, asked);
  Measured measured;
  try {
    measured = measure(*job);
  } catch (const Error& error) {
    return report(error, "nothing was trained.");
  }
  if (asked.json) {
    print_json(*job, measured);
  } else {
    print_text(*job, measured);
    if (asked.images > 0)
      fmt::print("pictures      {}{}\n", asked.out, first_of_pictures(*job->dataset.encoding));
    for (const Problem& w : job->warnings) print_warning(w);
  }
  return measured.lack ? report(*measured.lack, "nothing was trained.") : int{ok};
}

}  // namespace

extern const Command check = {
    "check", "read, infer types and shapes, print the plan and what looks wrong in the data; train nothing",
    "bpnet check configs/wine.yaml", [](Arguments arguments) -> std::function<int()> {
      auto asked = std::make_shared<CheckAsked>();
      arguments.config(asked->config, asked->set);
      arguments.threads(asked->threads);
      const Argument images = arguments.number("--images", asked->images, {1, 1000}, "N",
                                               "draw so many training pictures as training sees them");
      asked->out = "sheet.png";
      arguments.text("--out", asked->out, "FILE", "where to, a PNG file (default: sheet.png)").needs(images);
      arguments.json(asked->json);
      return [asked] { return run(*asked); };
    }};

}  // namespace bpnet::app::command_entries
