#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "command.hpp"
#include "evaluated.hpp"
#include "own_rows.hpp"
#include "report/linear.hpp"
#include "report/looks.hpp"
#include "spec/spec.hpp"
#include "train/job.hpp"
#include "train/run_folder.hpp"

namespace bpnet::app::command_entries {

namespace {

struct EvalAsked {
  std::string run, rows, data;
  int threads = 0;
  bool json = false;
};

// Rows to score and what they are called.
struct Chosen {
  std::shared_ptr<const Dataset> dataset;  // the run's own, if the rows are of it
  std::shared_ptr<const Rows> rows;
  std::vector<std::int64_t> which;
  std::string data;  // file
  std::string part;  // "test", "all"
  std::string name;  // in names of pictures; "" for the run's own test rows
};

constexpr const char* instead = "score other rows with --data FILE";

std::string shown_item(const FileItem& item) {
  std::string out;
  for (const auto& [column, path] : item.files)
    out += (out.empty() ? "" : ", ") + (path == "-" ? "standard input" : path);
  return out;
}

// "new" of "data/new.csv.gz" and of "new/".
std::string stem_of(const std::string& file) {
  auto path = std::filesystem::absolute(file).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  if (path.extension() == ".gz") path = path.stem();
  return path.stem().string();
}

bool has_path(const FileItem& item, const std::string& path) {
  return std::any_of(item.files.begin(), item.files.end(),
                     [&](const auto& one) { return one.second == path; });
}

// A linear model is fitted to other data than what is scored only if that is quickly read.
constexpr std::uintmax_t reads_for_linear = 1'000'000'000;

// The file a part comes from: its own, or the one that was cut.
std::string file_of(const DataSettings& data, const std::string& part) {
  const auto& own = part == "test" ? data.test : part == "validation" ? data.validation : data.train;
  const auto& from = !own.empty() ? own : !data.train.empty() ? data.train : data.file;
  if (from.empty()) return "";
  return from.size() > 1 ? from[0].files[0].second + ", ..." : shown_item(from[0]);
}

Chosen own_part(const Model& model, const DataSettings& data, const std::string& part) {
  OwnRows own = own_rows(model, data, part, instead);
  return {own.dataset, own.dataset->rows,         std::move(own.which), file_of(data, part),
          part,        part == "test" ? "" : part};
}

Chosen other_rows(const Model& model, const FileItem& item) {
  OtherRows other = load_rows(model.encoding, item, true);
  for (const Problem& w : other.warnings) print_warning(w);
  const std::string& first = item.files[0].second;
  return {nullptr,          other.rows, std::move(other.which),
          shown_item(item), "all",      first == "-" ? "stdin" : stem_of(first)};
}

// Of each of the files; of standard input nothing.
std::vector<std::string> hashes_of(const FileItem& item) {
  std::vector<std::string> out;
  for (const auto& [column, path] : item.files) out.push_back(path == "-" ? "" : hash_of_data(path));
  return out;
}

// True if these are the files that were cut into parts.
bool was_cut(const Model& model, const std::vector<std::string>& hashes) {
  return model.settings.data.file.size() == 1 &&
         std::equal(hashes.begin(), hashes.end(), model.files.begin(), model.files.end(),
                    [](const std::string& hash, const Dataset::File& file) { return hash == file.hash; });
}

// Scores on rows that the training saw say little. True if it warned.
bool warn_of_training_rows(const Model& model, const std::string& file, const std::string& hash) {
  const std::filesystem::path here = std::filesystem::absolute(file).lexically_normal();
  const DataSettings& data = model.settings.data;
  for (const Dataset::File& known : model.files) {
    const bool for_training = std::any_of(data.file.begin(), data.file.end(),
                                          [&](const FileItem& item) { return has_path(item, known.path); }) ||
                              std::any_of(data.train.begin(), data.train.end(),
                                          [&](const FileItem& item) { return has_path(item, known.path); });
    if (!for_training || (known.hash != hash && known.path != here)) continue;
    Problem told;
    told.severity = Severity::warning;
    told.message =
        known.hash == hash
            ? file + " is a file this model was trained on: rows it has learnt from are scored"
            : file + " has changed since this model was trained on it: rows it has learnt from may be scored";
    print_warning(told);
    return true;
  }
  return false;
}

Chosen choose_rows(const EvalAsked& asked, const Model& model) {
  const std::string part = asked.rows.empty() ? "test" : asked.rows;
  if (asked.data.empty()) try {
      return own_part(model, model.settings.data, part);
    } catch (const Error& error) {
      if (error.fault() != Fault::missing_input) throw;
      std::vector<Problem> problems = error.problems();
      problems.back().help.emplace_back("where it is now, or another file: bpnet eval RUN --data FILE");
      throw Error(error.fault(), std::move(problems));
    }
  // The file that was cut into parts, perhaps at another place now: only rows the training did not see count.
  DataSettings data = model.settings.data;
  const FileItem item = item_of(asked.data, "--data");
  const std::vector<std::string> hashes = hashes_of(item);
  if (was_cut(model, hashes)) {
    Problem told;
    told.severity = Severity::warning;
    told.message = shown_item(item) + (hashes.size() > 1 ? " are the files" : " is the file") +
                   " this model was trained on: scoring " +
                   (part == "all" ? "all of its rows" : "its " + part + " rows only");
    print_warning(told);
    data.file = {item};
    return own_part(model, data, part);
  }
  if (!asked.rows.empty() && asked.rows != "all")
    throw Error(
        Fault::command_line,
        "--rows " + asked.rows + " is a part of the run's own data, and " + asked.data + " is another file",
        {"leave --rows or --data out"});
  for (std::size_t f = 0; f < hashes.size(); ++f)
    if (!hashes[f].empty() && warn_of_training_rows(model, item.files[f].second, hashes[f])) break;
  return other_rows(model, item);
}

// The run's training rows, for the linear model; null, with the reason, if they are not as they were.
std::shared_ptr<const Dataset> training_data(const Model& model, std::string& why) {
  try {
    std::uintmax_t bytes = 0;
    for (const Dataset::File& file : model.files) bytes += bytes_of_data(file.path);
    if (bytes > reads_for_linear) {
      why = "its training data is large";
      return nullptr;
    }
    return own_data(model, model.settings.data, instead);
  } catch (const std::exception&) {
    why = "its training data changed or is gone";
    return nullptr;
  }
}

// What a person would look at of a model of pictures, into its run folder; returns the names of the files.
// `of`: what the rows are called in them.
std::vector<std::string> draw(const std::filesystem::path& run, Learner& learner, const Rows& rows,
                              const Assessment& assessment, const std::string& of) {
  std::vector<std::string> names;
  const auto write = [&](const std::string& name, const Bitmap& bitmap) {
    write_png(run / name, bitmap);
    names.push_back(name);
  };
  if (learner.pictures(rows, {}, nullptr).shape.axes() == 0) return names;
  const std::size_t targets = assessment.targets.size();
  for (std::size_t t = 0; t < targets; ++t) {
    const TargetAssessment& target = assessment.targets[t];
    if (!target.confusion) continue;
    const std::string end =
        (of.empty() ? "" : "-" + of) + (targets == 1 ? ".png" : fmt::format("_{}.png", t + 1));
    write("confusion" + end, confusion_picture(target.target, *target.confusion));
    if (const auto mistakes = mistakes_sheet(learner, rows, target)) write("mistakes" + end, *mistakes);
  }
  if (const auto filters = filters_sheet(learner.network().weights())) write("filters.png", *filters);
  return names;
}

int run(const EvalAsked& asked) {
  use_threads(asked.threads);
  const FoundModel found = find_model(asked.run, "runs");
  const auto model = load_model(found.model);
  for (const Problem& w : model->warnings) print_warning(w);
  Chosen chosen = choose_rows(asked, *model);
  Evaluated out;
  out.run = (found.run.empty() ? found.model : found.run).string();
  out.newest = asked.run.empty();
  out.data = chosen.data;
  out.part = chosen.part;
  const bool beside = !model->learner->judges_steps();
  if (!beside) out.no_linear = "the inputs are sequences";
  if (!chosen.dataset && beside) chosen.dataset = training_data(*model, out.no_linear);
  LinearModel linear;
  if (chosen.dataset && beside) {
    linear = fit_linear(model->settings, *chosen.dataset);
    out.linear_rows = linear.rows;
    out.training_rows = static_cast<std::int64_t>(chosen.dataset->part(Part::training).size());
    if (!linear.learner) out.no_linear = linear.why_none;
  }
  out.assessment = assess(*model->learner, linear.learner.get(), *chosen.rows, chosen.which);
  if (std::isnan(out.assessment.loss) && chosen.rows->weighted()) {
    std::vector<Real> weights(chosen.which.size());
    chosen.rows->weights(chosen.which, weights.data());
    if (std::all_of(weights.begin(), weights.end(), [](Real weight) { return weight == 0; }))
      throw Error(Fault::data,
                  chosen.data + ": the weights of these rows add up to 0: nothing can be scored");
  }
  if (!chosen.which.empty() && beside && out.assessment.targets.size() == 1 &&
      std::isnan(out.assessment.loss))
    throw Error(Fault::data, chosen.data + ": no row has a value of '" +
                                 out.assessment.targets[0].target.column_name() + "' that the model knows");
  if (!found.run.empty())
    out.drawn = draw(found.run, *model->learner, *chosen.rows, out.assessment, chosen.name);
  fmt::print("{}", asked.json ? evaluated_json(out) : evaluated_text(out));
  return ok;
}

}  // namespace

extern const Command eval = {
    "eval", "loss and metrics of a trained model", "bpnet eval runs/wine-001 --rows validation",
    [](Arguments arguments) -> std::function<int()> {
      auto asked = std::make_shared<EvalAsked>();
      arguments.run(asked->run);
      arguments.word("--rows", asked->rows, {"train", "validation", "test", "all"},
                     "which rows of the run's own data (default test)");
      arguments.text(
          "--data", asked->data, "FILE",
          "other rows with their target: a file, -, a folder of pictures, or '{COLUMN: FILE, ...}'");
      arguments.threads(asked->threads);
      arguments.json(asked->json);
      return [asked] { return run(*asked); };
    }};

}  // namespace bpnet::app::command_entries
