#include "train/run_files.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <system_error>

#include "core/error.hpp"
#include "core/files.hpp"

namespace bpnet {

namespace fs = std::filesystem;

namespace {

bool is_log_of_ours(const fs::path& file) {
  try {
    constexpr std::string_view begins = "epoch,step,seconds,";
    const InputFile log(file);
    std::string beginning(std::min(begins.size(), log.size()), '\0');
    log.read(0, beginning);
    return beginning == begins;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code why;
  for (fs::directory_iterator at(folder, why), end; !why && at != end; at.increment(why))
    names.push_back(at->path().filename().string());
  std::ranges::sort(names);
  return names;
}

std::int64_t number_in(std::string_view name, std::string_view before, std::string_view after) {
  if (name.size() <= before.size() + after.size()) return -1;
  if (!name.starts_with(before) || !name.ends_with(after)) return -1;
  name = name.substr(before.size(), name.size() - before.size() - after.size());
  std::int64_t number = -1;
  const auto [rest, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  const bool whole = error == std::errc() && rest == name.data() + name.size();
  return whole ? std::max<std::int64_t>(number, -1) : -1;
}

std::int64_t checkpoint_number(std::string_view name) {
  return name == "last.safetensors" ? 0 : number_in(name, "last-", ".safetensors");
}

std::string checkpoint_name(std::int64_t number) {
  return number == 0 ? "last.safetensors" : "last-" + std::to_string(number) + ".safetensors";
}

bool is_run_file(std::string_view name) {
  constexpr std::string_view ours[] = {"config.yaml", "log.csv",           "gradients.csv",
                                       "train.log",   "model.safetensors", "result.json"};
  return std::ranges::find(ours, name) != std::end(ours) || checkpoint_number(name) >= 0 ||
         name.starts_with("events.out.tfevents.");
}

bool is_remains(std::string_view name) {
  constexpr std::string_view end = ".tmp";
  if (!name.starts_with('.') || !name.ends_with(end)) return false;
  name = name.substr(1, name.size() - 1 - end.size());
  const std::size_t dot = name.rfind('.');
  return dot != std::string_view::npos && is_run_file(name.substr(0, dot));
}

Content content_of(const fs::path& folder) {
  const std::vector<std::string> names = names_in(folder);
  if (std::ranges::none_of(names, is_run_file)) return Content::free;
  const auto has = [&](const char* name) { return std::ranges::binary_search(names, name); };
  if (has(marker_name)) return Content::run;
  return has("config.yaml") && is_log_of_ours(folder / "log.csv") ? Content::run : Content::files;
}

}  // namespace bpnet
