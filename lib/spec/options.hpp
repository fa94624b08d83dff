#pragma once
// The one way settings are written in code: a struct of options with one `visit`. Parsing, defaults, ranges,
// messages, help, JSON Schema and the written-out config all come from that function.

#include <concepts>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/error.hpp"

namespace bpnet {

/// Allowed values of a number. Bounds are included unless open.
struct Range {
  double low = -std::numeric_limits<double>::infinity(), high = std::numeric_limits<double>::infinity();
  bool low_open = false, high_open = false;
  bool holds(double x) const { return (low_open ? x > low : x >= low) && (high_open ? x < high : x <= high); }
};
constexpr Range any_number() { return {}; }
constexpr Range at_least(double low) { return {.low = low}; }
constexpr Range above(double low) { return {.low = low, .low_open = true}; }
constexpr Range between(double low, double high) { return {.low = low, .high = high}; }
/// 0 included, 1 not: a share that may not be all.
constexpr Range share_below_one() { return {.low = 0, .high = 1, .high_open = true}; }
/// Strictly between 0 and 1.
constexpr Range inside_unit() { return {.low = 0, .high = 1, .low_open = true, .high_open = true}; }

/// How long something lasts: `5 epochs`, `500 steps`, `10%`, `30 seconds`, `10 minutes`, `2 hours`.
struct Length {
  enum class Unit : std::uint8_t { epochs, steps, percent, seconds };
  double value = 0;
  Unit unit = Unit::epochs;
  bool operator==(const Length&) const = default;
};

/// What every visit call says of an option besides its value.
struct Option {
  const char* name;
  const char* help;            // one line, lower case, no full stop; a unit where it has one
  Range range = any_number();  // numbers, and each element of number lists
  const char* zero = "";       // whole numbers in a list: another way to write 0
  bool bare = false;           // lengths: a number without a unit stands for epochs
};

class Visitor;
struct Table;

/// A described thing: a layer, a loss, an optimizer, ... or a group of settings.
/// A default that its own range (or emptiness) forbids makes an option required.
struct Options : std::enable_shared_from_this<Options> {
  virtual ~Options() = default;
  virtual void visit(Visitor&) {}
  /// Options every member of a table takes (a layer's name, freeze, rate, decay); visited after the own ones,
  /// which hide those of the same name (dropout's rate).
  virtual void visit_common(Visitor&) {}
  /// As a group: `name: value` sets the first option, as it does for a choice.
  virtual bool takes_value() const { return false; }
};

/// One line of a table.
struct Entry {
  const char* name;         // the word in the YAML, the file's stem
  const char* description;  // one line, lower case, no full stop
  const char*
      other_words;      // what other tools call it, separated by blanks: "Linear fc"; only for suggestions
  const char* example;  // YAML as one would write it: "dense: {units: 32, activation: relu}"
  const char*
      input;  // what the generic tests run the example on: "4", "i32:5:3" (see the table's header); may be ""
  std::unique_ptr<Options> (*make)();
};

/// An explicit list of what can be chosen: layers, losses, ...
struct Table {
  const char* kind;    // "layer"
  const char* plural;  // "layers", the word of `bpnet list`
  std::span<const Entry* const> entries;
  const Entry* find(std::string_view name) const;
};

/// Where rows come from: a file, or several side by side, row i beside row i.
struct FileItem {
  FileItem(std::string path) : files{{"", std::move(path)}} {}
  FileItem(const char* path) : FileItem(std::string(path)) {}
  explicit FileItem(std::vector<std::pair<std::string, std::string>> beside) : files(std::move(beside)) {}
  /// A column's name and the path of the file it is in; one file by itself goes without a name.
  std::vector<std::pair<std::string, std::string>> files;
  bool alone() const { return files.size() == 1 && files[0].first.empty(); }
  bool operator==(const FileItem&) const = default;
};
/// One after another.
using FileList = std::vector<FileItem>;

/// `name`, `name: value` or `name: {option: value, ...}`, resolved against a table. The first visited option
/// is the main one, which `name: value` sets.
struct Choice {
  const Entry* entry = nullptr;  // null: nothing chosen
  std::shared_ptr<Options> options;
  Place place;  // of the name
  explicit operator bool() const { return entry != nullptr; }
  std::string name() const { return entry ? entry->name : ""; }
  template <class T>
  std::shared_ptr<T> as() const {
    return std::dynamic_pointer_cast<T>(options);
  }
};
/// The named entry with its defaults; asserts that the table has it.
Choice choose(const Table& table, std::string_view name);

/// Keys that are names (columns, targets, stacks) with a choice each, in the order written.
using ChoiceMap = std::vector<std::pair<std::string, Choice>>;
/// Stacks of layers by name, in the order written. A plain list is the stack `main`.
struct Stack {
  std::string name;
  std::vector<Choice> layers;
  Place place;
};

/// Receives the options of a struct one by one. What it does with them is up to the visitor: bind, print,
/// document.
class Visitor {
 public:
  virtual ~Visitor() = default;

  virtual void flag(const Option&, bool& value) = 0;
  virtual void integer(const Option&, std::int64_t& value) = 0;
  virtual void number(const Option&, double& value) = 0;
  virtual void text(const Option&, std::string& value) = 0;
  virtual void keyword(const Option&, std::size_t& index, std::span<const char* const> words) = 0;
  virtual void length(const Option&, Length& value) = 0;
  virtual void texts(const Option&, std::vector<std::string>& value) = 0;      // a list, or one text
  virtual void integers(const Option&, std::vector<std::int64_t>& value) = 0;  // a list, or one integer
  virtual void numbers(const Option&, std::vector<double>& value) = 0;         // a list, or one number
  virtual void lengths(const Option&, std::vector<Length>& value) = 0;         // a list, or one length
  virtual void mapping(const Option&,
                       std::vector<std::pair<std::string, std::string>>& value) = 0;  // {from: to}
  virtual void weights(const Option&,
                       std::vector<std::pair<std::string, double>>& value) = 0;  // {class: number}
  virtual void files(const Option&, FileList& value) = 0;  // PATH, {COLUMN: PATH}, or a list of them
  virtual void choice(const Option&, Choice& value, const Table& table) = 0;
  virtual void choices(const Option&, std::vector<Choice>& value, const Table& table) = 0;  // a list
  virtual void branches(const Option&, std::vector<std::vector<Choice>>& value,
                        const Table& table) = 0;                                     // list of lists
  virtual void choice_map(const Option&, ChoiceMap& value, const Table& table) = 0;  // {NAME: choice}
  /// A choice, or {NAME: choice}. `NAME` is told from a choice by not being in the table. Stored under ""
  /// when single. If the option can be switched off, so can a name's: it has no entry then.
  virtual void choice_or_map(const Option&, ChoiceMap& value, const Table& table) = 0;
  /// A list of layers (the stack "main"), or {NAME: [...], ...}; `inputs: {NAME: [...]}` becomes stacks
  /// "inputs.NAME".
  virtual void stacks(const Option&, std::vector<Stack>& value, const Table& table) = 0;
  virtual void group(const Option&, Options& value) = 0;  // a nested map of options
  /// `none` (or another word) switches off, otherwise the value. `absent` says whether it is off.
  virtual void begin_optional(const Option&, bool& present, const char* word) = 0;
  virtual void end_optional() = 0;

  // The calls a visit function makes.
  void operator()(const char* name, bool& value, const char* help) { flag({name, help}, value); }
  template <std::signed_integral T>
  requires(!std::same_as<T, bool>) void operator()(const char* name, T& value, Range range,
                                                   const char* help) {
    auto wide = static_cast<std::int64_t>(value);
    integer({name, help, range}, wide);
    value = static_cast<T>(wide);
  }
  void operator()(const char* name, double& value, Range range, const char* help) {
    number({name, help, range}, value);
  }
  void operator()(const char* name, std::string& value, const char* help) { text({name, help}, value); }
  template <class E>
  requires std::is_enum_v<E>
  void operator()(const char* name, E& value, std::span<const char* const> words, const char* help) {
    auto index = static_cast<std::size_t>(value);
    keyword({name, help}, index, words);
    value = static_cast<E>(index);
  }
  void operator()(const char* name, Length& value, const char* help) { length({name, help}, value); }
  void operator()(const char* name, std::vector<std::string>& value, const char* help) {
    texts({name, help}, value);
  }
  void operator()(const char* name, std::vector<std::int64_t>& value, Range range, const char* help) {
    integers({name, help, range}, value);
  }
  void operator()(const char* name, std::vector<std::int64_t>& value, Range range, const char* zero,
                  const char* help) {
    integers({name, help, range, zero}, value);
  }
  void operator()(const char* name, std::vector<double>& value, Range range, const char* help) {
    numbers({name, help, range}, value);
  }
  void operator()(const char* name, std::vector<std::pair<std::string, std::string>>& value,
                  const char* help) {
    mapping({name, help}, value);
  }
  void operator()(const char* name, std::vector<std::pair<std::string, double>>& value, Range range,
                  const char* help) {
    weights({name, help, range}, value);
  }
  void operator()(const char* name, FileList& value, const char* help) { files({name, help}, value); }
  void operator()(const char* name, Choice& value, const Table& table, const char* help) {
    choice({name, help}, value, table);
  }
  void operator()(const char* name, std::vector<Choice>& value, const Table& table, const char* help) {
    choices({name, help}, value, table);
  }
  void operator()(const char* name, std::vector<std::vector<Choice>>& value, const Table& table,
                  const char* help) {
    branches({name, help}, value, table);
  }
  void operator()(const char* name, Options& value, const char* help) { group({name, help}, value); }
  /// An option that `word` (none, auto, all) switches off; the other arguments are as without `optional`.
  template <class T, class... Rest>
  void optional(const char* name, T& value, bool& present, const char* word, Rest... rest) {
    begin_optional({name, ""}, present, word);
    (*this)(name, value, rest...);
    end_optional();
  }
  template <class T, class... Rest>
  void optional(const char* name, std::optional<T>& value, const char* word, Rest... rest) {
    bool present = value.has_value();
    T inner = value.value_or(T{});
    optional(name, inner, present, word, rest...);
    if (present)
      value = std::move(inner);
    else
      value.reset();
  }
  /// A list or text that `word` empties; the other arguments are as without.
  template <class C, class... Rest>
  void unless_empty(const char* name, C& value, const char* word, Rest... rest) {
    bool present = !value.empty();
    optional(name, value, present, word, rest...);
    if (!present) value.clear();
  }
};

}  // namespace bpnet
