#pragma once
// YAML text to settings, and settings to text: the only room that knows yaml-cpp (in its .cpp files).

#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "spec/options.hpp"

namespace bpnet {

/// What binding found besides the values.
struct Bound {
  std::map<std::string, Place> places;  // of values, by key path: "train.batch_size", "model.2.dropout.rate"
  std::vector<Problem> warnings;
  std::set<std::string> refused;  // key paths of the sections and groups in which something was wrong
  /// Where the value of a key path stands; the nearest enclosing key that was written when it was not.
  Place place_of(const std::string& key) const;
};

/// Parses `text` (at most 1 MiB), applies the overrides ("KEY=VALUE", places "--set #1") and binds the result
/// into `root`. Throws Error(configuration) with every problem found, in the order of their places. `file` is
/// the name shown in messages.
Bound bind_settings(Options& root, const std::string& file, const std::string& text,
                    std::span<const std::string> overrides);
/// The same, but of a text that is YAML all problems go to `problems`; what they do not touch is bound.
Bound bind_settings(Options& root, const std::string& file, const std::string& text,
                    std::span<const std::string> overrides, std::vector<Problem>& problems);

/// All settings in force as YAML text that binds to the same settings.
std::string write_settings(Options& root);
/// The same as JSON, for metadata, comparison on resume and --json; no choices are shortened.
nlohmann::json settings_to_json(Options& root);
/// The inverse of settings_to_json (model files). Throws Error(configuration).
void settings_from_json(Options& root, const nlohmann::json& from);

/// A copy with options of its own.
Choice clone(const Choice& choice);

/// A choice written as YAML text, bound against a table ("dense: {units: 3}"): entries' examples, tests.
Choice parse_choice(const Table& table, const std::string& yaml);

/// JSON Schema (draft 2020-12) of a root struct and all tables it names.
nlohmann::ordered_json schema_of(Options& root);

/// One option, for `bpnet list`.
struct OptionText {
  std::string name, type, default_value, range, help;
};
std::vector<OptionText> describe(Options& options);

/// Words near `word` among `known`, best first; empty when nothing is near (edit distance at most 1 for up to
/// 4 letters, 2 to 7, else a third of the length; prefixes and other orders of _-parts count as near).
std::vector<std::string> near_words(std::string_view word, std::span<const std::string> known);

}  // namespace bpnet
