#include "usage.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "spec/advice.hpp"
#include "spec/spec.hpp"
#include "spec/words.hpp"
#include "train/settings.hpp"

namespace bpnet::app {

namespace {

/// Options of other tools, without dashes, and what to write for them.
struct Other {
  const char *command, *words, *ours;
};
constexpr Other others[] = {
    {"generate", "max_new_tokens max_tokens max_length num_tokens n_tokens tokens", "--length N"},
    {"generate", "temp", "--temperature T"},
    {"predict", "out output o output_file save", "> FILE: predictions go to standard output"},
    {"explain", "output o output_file save", "--out FILE"},
    {"train", "output o output_dir save_dir run_dir", "--out DIR"},
    {"train", "num_threads num_workers workers jobs n_jobs", "--threads N"},
    {"train", "verbose verbosity", "--quiet for less; the epochs are shown without"},
    {"train", "device gpu cuda", "bpnet computes on the CPU: --threads N says on how many threads"},
};

bool contains(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// "--max-new-tokens=5" -> "max_new_tokens"; "" for a word without dashes.
std::string option_name(const std::string& word) {
  const std::size_t begin = std::min(word.find_first_not_of('-'), word.size());
  if (begin == 0) return "";
  std::string name = word.substr(begin, word.find('=') - begin);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

/// "epochs" -> "train.epochs"; "" if there is no such setting.
std::string setting_called(const std::string& name) {
  Settings settings;
  std::string found;
  for (const OptionText& option : describe(settings)) {
    if (option.name == name) return name;
    const bool last = option.name.ends_with("." + name);
    if (last && (found.empty() || option.name.starts_with("train."))) found = option.name;
  }
  return found;
}

/// Why `name` is no setting: "did you mean 'learning_rate'? ..."
std::vector<std::string> setting_help(const std::string& name) {
  Settings settings;
  const std::vector<spec::Info> root = spec::collect(settings);
  auto help = spec::advise_option(spec::scalar_node(name, false), root, "", root).help;
  if (!help.empty() && help[0].starts_with("the options are")) help.clear();
  return help;
}

std::string set(const std::string& key, const std::string& value) {
  const std::string setting = fmt::format("{}={}", key, value.empty() ? "..." : value);
  if (value.find('\'') != std::string::npos) return fmt::format("write --set {}=...", key);
  const bool plain = value.find_first_of(" \t$*&;|<>()[]{}#?!~`\"\\") == std::string::npos;
  return fmt::format("write --set {}", plain ? setting : "'" + setting + "'");
}

/// train.epochs=3, --epochs 3, --set train.epochs 3
std::vector<std::string> as_setting(const Refused& refused, std::size_t extra) {
  const std::string& word = refused.extras[extra];
  const auto behind = std::find(refused.words.begin(), refused.words.end(), word);
  const auto before = [&](std::ptrdiff_t n) {
    return behind - refused.words.begin() >= n ? *(behind - n) : std::string();
  };
  if (before(2) == "--set" && before(1).find('=') == std::string::npos) return {set(before(1), word)};
  const std::size_t equals = word.find('=');
  const std::string dashed = option_name(word);
  const std::string key = dashed.empty() ? word.substr(0, equals) : dashed;
  if (dashed.empty() && equals == std::string::npos) return {};
  std::string value = equals == std::string::npos ? "" : word.substr(equals + 1);
  if (value.empty() && extra + 1 < refused.extras.size() && option_name(refused.extras[extra + 1]).empty())
    value = refused.extras[extra + 1];
  if (const std::string setting = setting_called(key); !setting.empty()) return {set(setting, value)};
  if (dashed.empty() && key.find('.') != std::string::npos) return {set(key, value)};
  return setting_help(key);
}

}  // namespace

std::vector<std::string> ways_out(const Refused& refused) {
  for (const std::string& word : refused.words)
    for (const auto& [command, words, ours] : others)
      if (const std::string name = option_name(word);
          command == refused.command && !name.empty() &&
          !contains(refused.options, word.substr(0, word.find('='))) && spec::lists_word(words, name))
        return {std::string("write ") + ours};
  for (const std::string& word : refused.words) {
    const std::string option = word.substr(0, word.find('='));
    if (!option.starts_with("--") || contains(refused.options, option)) continue;
    if (const auto near = near_words(option, refused.options); !near.empty())
      return {"did you mean '" + near[0] + "'?"};
    break;
  }
  if (!contains(refused.options, "--set")) return {};
  for (std::size_t i = 0; i < refused.extras.size(); ++i)
    if (auto help = as_setting(refused, i); !help.empty()) return help;
  for (std::size_t i = 0; i < refused.words.size(); ++i) {  // a setting taken for the configuration
    const std::string& word = refused.words[i];
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos || word[0] == '-' || (i > 0 && refused.words[i - 1] == "--set")) continue;
    if (const std::string setting = setting_called(word.substr(0, equals)); !setting.empty())
      return {set(setting, word.substr(equals + 1))};
  }
  return {};
}

}  // namespace bpnet::app
