#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "command.hpp"
#include "console.hpp"
#include "core/hash.hpp"
#include "report/assessment.hpp"
#include "report/evaluation_json.hpp"
#include "train/job.hpp"
#include "train/run_folder.hpp"

namespace bpnet::app::command_entries {

namespace {

struct Asked {
  std::string run, rows, data;
  int threads = 0;
  bool json = false;
};

// Rows to score and what they are called.
struct Chosen {
  std::shared_ptr<const Rows> rows;
  std::vector<std::int64_t> which;
  std::string data;  // file
  std::string part;  // "test rows"
};

const char* const part_names[] = {"train", "validation", "test"};

std::vector<std::int64_t> part_rows(const Dataset& dataset, const std::string& part) {
  std::vector<std::int64_t> out;
  for (std::size_t p = 0; p < 3; ++p)
    if (part == "all" || part == part_names[p])
      out.insert(out.end(), dataset.parts[p].begin(), dataset.parts[p].end());
  std::sort(out.begin(), out.end());
  return out;
}

// The file a part comes from: its own, or the one that was cut.
std::string file_of(const DataSettings& data, const std::string& part) {
  const auto& own = part == "test" ? data.test : part == "validation" ? data.validation : data.train;
  const auto& from = !own.empty() ? own : !data.train.empty() ? data.train : data.file;
  return from.empty() ? "" : from[0] + (from.size() > 1 ? ", ..." : "");
}

// The run's own data: read and split again, which gives the same parts if the files are the same.
Chosen own_rows(const Model& model, const DataSettings& data, const std::string& part) {
  const Bound nothing;
  const TaskRequest request = task_request(model.settings, nothing);
  const Dataset dataset = load_dataset(data, model.settings.task.as<Task>()->request(request));
  for (std::size_t f = 0; f < std::min(model.files.size(), dataset.files.size()); ++f)
    if (model.files[f].hash != dataset.files[f].hash)
      throw Error(Fault::data,
                  dataset.files[f].path +
                      " changed since this model was trained on it, so its parts are not the same rows",
                  {"score other rows with --data FILE, or train again"});
  Chosen out{dataset.rows, part_rows(dataset, part), file_of(data, part), part + " rows"};
  if (out.which.empty()) {
    std::vector<std::string> have;
    for (std::size_t p = 0; p < 3; ++p)
      if (!dataset.parts[p].empty())
        have.push_back(fmt::format("--rows {} ({})", part_names[p], dataset.parts[p].size()));
    throw Error(Fault::data, "this run has no " + part + " rows",
                {fmt::format("there are: {}", fmt::join(have, ", "))});
  }
  return out;
}

Chosen other_rows(const Model& model, const std::string& file) {
  OtherRows other = load_rows(model.encoding, file, true);
  for (const Problem& w : other.warnings) print_warning(w);
  std::vector<std::int64_t> all(static_cast<std::size_t>(other.rows->count()));
  std::iota(all.begin(), all.end(), std::int64_t{0});
  return {other.rows, std::move(all), file, "all rows"};
}

Chosen choose_rows(const Asked& asked, const Model& model) {
  const std::string part = asked.rows.empty() ? "test" : asked.rows;
  if (asked.data.empty()) return own_rows(model, model.settings.data, part);
  // The file that was cut into parts, perhaps at another place now: only rows the training did not see count.
  DataSettings data = model.settings.data;
  if (data.file.size() == 1 && model.files.size() == 1 &&
      hash128_of_file(asked.data) == model.files[0].hash) {
    Problem told;
    told.severity = Severity::warning;
    told.message = asked.data + " is the file this model was trained on: scoring its " + part + " rows only";
    print_warning(told);
    data.file = {asked.data};
    return own_rows(model, data, part);
  }
  if (!asked.rows.empty() && asked.rows != "all")
    throw Error(
        Fault::command_line,
        "--rows " + asked.rows + " is a part of the run's own data, and " + asked.data + " is another file",
        {"leave --rows or --data out"});
  return other_rows(model, asked.data);
}

void print_json(const std::string& run, const Chosen& chosen, const Model& model, const Assessment& a) {
  nlohmann::ordered_json line = {
      {"run", run}, {"data", chosen.data}, {"rows", a.rows}, {"loss", json_number(a.loss)}};
  line["metrics"] = nlohmann::ordered_json::object();
  for (const auto& [name, value] : a.metrics) line["metrics"][name] = json_number(value);
  line["interval"] = nlohmann::ordered_json::object();
  line["baselines"] = nlohmann::ordered_json::object();
  if (!a.metrics.empty()) {
    if (a.interval)
      line["interval"][a.metrics[0].first] = {json_number(a.interval->first),
                                              json_number(a.interval->second)};
    line["baselines"][a.guess_name] = {{a.metrics[0].first, json_number(a.guess)}};
  }
  const auto targets = model.learner->targets();
  for (std::size_t t = 0; t < targets.size(); ++t) {
    if (!a.confusions[t]) continue;
    auto& matrix = line["confusion"][targets[t].name];
    matrix["classes"] = targets[t].labels;
    for (int i = 0; i < a.confusions[t]->classes(); ++i) {
      auto row = nlohmann::ordered_json::array();
      for (int j = 0; j < a.confusions[t]->classes(); ++j) row.push_back(a.confusions[t]->at(i, j));
      matrix["rows"].push_back(std::move(row));
    }
  }
  fmt::print("{}\n", line.dump());
}

void print_confusion(const TargetKind& target, const Confusion& confusion) {
  constexpr int most = 20;
  if (confusion.classes() > most) return;
  std::size_t width = 7;
  for (const std::string& label : target.labels) width = std::max(width, label.size());
  fmt::print("\nconfusion of {}: a row for each true class, a column for each predicted\n{:>{}}", target.name,
             "", width);
  std::vector<std::size_t> wide;
  for (int j = 0; j < confusion.classes(); ++j) {
    wide.push_back(std::max<std::size_t>(6, target.labels[static_cast<std::size_t>(j)].size()));
    fmt::print("  {:>{}}", target.labels[static_cast<std::size_t>(j)], wide.back());
  }
  fmt::print("  {:>6}  {:>9}\n", "recall", "precision");
  for (int i = 0; i < confusion.classes(); ++i) {
    fmt::print("{:>{}}", target.labels[static_cast<std::size_t>(i)], width);
    for (int j = 0; j < confusion.classes(); ++j)
      fmt::print("  {:>{}}", confusion.at(i, j), wide[static_cast<std::size_t>(j)]);
    const ClassCount count = confusion.count(i);
    fmt::print("  {:>6}  {:>9}\n", count.actual > 0 ? fmt::format("{:.3f}", count.recall()) : "-",
               count.predicted > 0 ? fmt::format("{:.3f}", count.precision()) : "-");
  }
}

void print_text(const std::string& run, const Chosen& chosen, const Model& model, const Assessment& a) {
  const auto shown = [](double x, const char* format) {
    return std::isfinite(x) ? fmt::format(fmt::runtime(format), x) : std::string("-");
  };
  std::size_t width = 12;
  for (const auto& metric : a.metrics) width = std::max(width, metric.first.size());
  width += 2;
  fmt::print("{:<{}}{}\n", "run", width, run);
  fmt::print("{:<{}}{} {} of {}\n", "data", width, thousands(a.rows), chosen.part, chosen.data);
  fmt::print("{:<{}}{}\n", "loss", width, shown(a.loss, "{:.4f}"));
  for (std::size_t m = 0; m < a.metrics.size(); ++m) {
    const auto& [name, value] = a.metrics[m];
    fmt::print("{:<{}}{}", name, width, shown(value, "{:.4g}"));
    if (m == 0 && a.interval)
      fmt::print("   95 % interval {:.4g} to {:.4g}", a.interval->first, a.interval->second);
    if (m == 0) fmt::print("   guessing the {} reaches {}", a.guess_name, shown(a.guess, "{:.4g}"));
    fmt::print("\n");
  }
  const auto targets = model.learner->targets();
  for (std::size_t t = 0; t < targets.size(); ++t)
    if (a.confusions[t]) print_confusion(targets[t], *a.confusions[t]);
}

int run(const Asked& asked) {
  use_threads(asked.threads);
  const FoundModel found = find_model(asked.run, "runs");
  const std::string name = (found.run.empty() ? found.model : found.run).string();
  const auto model = load_model(found.model);
  const Chosen chosen = choose_rows(asked, *model);
  const Assessment assessment = assess(*model->learner, *chosen.rows, chosen.which);
  if (asked.json)
    print_json(name, chosen, *model, assessment);
  else
    print_text(name, chosen, *model, assessment);
  return ok;
}

}  // namespace

extern const Command eval = {
    "eval", "loss and metrics of a trained model", "bpnet eval runs/wine-001 --rows validation",
    [](CLI::App& parser) -> std::function<int()> {
      auto asked = std::make_shared<Asked>();
      parser.add_option("RUN", asked->run,
                        "a run folder or a model file; the newest run in ./runs when not given");
      parser.add_option("--rows", asked->rows, "which rows of the run's own data (default test)")
          ->check(CLI::IsMember({"train", "validation", "test", "all"}))
          ->type_name("train|validation|test|all");
      parser.add_option("--data", asked->data, "another file to score, with the target's column")
          ->type_name("FILE");
      add_threads(parser, asked->threads);
      parser.add_flag("--json", asked->json, "one JSON object");
      return [asked] { return run(*asked); };
    }};

}  // namespace bpnet::app::command_entries
