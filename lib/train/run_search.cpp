// Finding runs and the models in them.

#include <sys/stat.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <system_error>

#include "train/run_files.hpp"
#include "train/run_folder.hpp"

namespace bpnet {

namespace fs = std::filesystem;

namespace {

constexpr const char* model_name = "model.safetensors";
constexpr std::size_t stamp_limit = 4096, result_limit = std::size_t{64} << 20;

// When a run was last started, in nanoseconds since 1970.
std::int64_t started_at(const fs::path& run) {
  try {
    const std::string text = read_text(run / marker_name, stamp_limit);
    const std::string_view line = std::string_view(text).substr(0, text.find('\n'));
    if (const std::int64_t time = number_in(line, stamp_word, ""); time >= 0) return time;
  } catch (const Error&) {  // lost in copying: then the file that is written once, at the start, tells
  }
  struct stat info {};
  if (::stat((run / "config.yaml").c_str(), &info) != 0) return 0;
  return static_cast<std::int64_t>(info.st_mtim.tv_sec) * 1'000'000'000 + info.st_mtim.tv_nsec;
}

std::string list(std::span<const fs::path> runs) {
  constexpr std::size_t most = 5;
  std::string out;
  for (std::size_t i = 0; i < std::min(most, runs.size()); ++i)
    out.append(i > 0 ? ", " : "").append(runs[i].string());
  return out + (runs.size() > most ? ", ..." : "");
}

bool has_model(const fs::path& run) {
  std::error_code why;
  return fs::is_regular_file(run / model_name, why);
}

// Runs that could have been meant.
std::vector<std::string> instead(const fs::path& runs, const fs::path& not_this) {
  std::vector<fs::path> others = runs_in(runs);
  std::erase_if(others, [&](const fs::path& run) { return run == not_this || !has_model(run); });
  if (others.empty()) return {};
  return {"runs with a model: " + list(others)};
}

[[noreturn]] void fail(const std::string& message, const fs::path& runs, const fs::path& named) {
  throw Error(Fault::missing_input, message, instead(runs, named));
}

}  // namespace

bool is_run(const fs::path& folder) { return content_of(folder) == Content::run; }

std::vector<fs::path> runs_in(const fs::path& runs) {
  std::vector<std::pair<std::int64_t, fs::path>> found;
  for (const std::string& name : names_in(runs))
    if (const fs::path run = runs / name; is_run(run)) found.emplace_back(started_at(run), run);
  std::ranges::sort(found, std::greater());
  std::vector<fs::path> out;
  for (auto& [time, run] : found) out.push_back(std::move(run));
  return out;
}

FoundModel find_model(const std::string& argument, const fs::path& runs) {
  fs::path named = argument;
  if (argument.empty()) {
    const std::vector<fs::path> all = runs_in(runs);
    if (all.empty())
      throw Error(Fault::missing_input, "there are no runs in '" + runs.string() + "' yet",
                  {"make one with bpnet train CONFIG, or name a run folder or a model file"});
    named = all.front();
  }
  std::error_code why;
  const fs::file_status status = fs::status(named, why);
  if (!fs::exists(status)) fail("there is no run or model file '" + named.string() + "'", runs, named);
  if (fs::is_directory(status)) {
    if (has_model(named)) return {named, named / model_name};
    if (!is_run(named)) fail("the folder '" + named.string() + "' is not a run", runs, named);
    const std::string run = named.string();
    std::vector<std::string> help = instead(runs, named);
    help.insert(help.begin(),
                {"to go on with it: bpnet train " + run + "/config.yaml --out " + run + " --resume",
                 "the weights of its last checkpoint are in " + run + "/last.safetensors"});
    throw Error(Fault::missing_input, "the run '" + run + "' has no " + model_name + " yet", std::move(help));
  }
  const fs::path folder = named.has_parent_path() ? named.parent_path() : fs::path(".");
  return {is_run(folder) ? folder : fs::path(), named};
}

nlohmann::ordered_json read_result(const fs::path& run) {
  try {
    auto result = nlohmann::ordered_json::parse(read_text(run / "result.json", result_limit), nullptr, false);
    if (!result.is_discarded()) return result;
  } catch (const Error&) {  // there is none yet
  }
  return nullptr;
}

}  // namespace bpnet
