#pragma once
// What a struct of options tells of itself, as data: the one thing that help, schema, suggestions, overrides
// and the written-out settings are made from.

#include <optional>

#include "spec/node.hpp"
#include "spec/options.hpp"

namespace bpnet::spec {

struct Info {
  enum class Kind : std::uint8_t {
    flag,
    integer,
    number,
    text,
    keyword,
    length,
    texts,
    integers,
    numbers,
    lengths,
    mapping,
    weights,
    files,
    choice,
    choices,
    branches,
    choice_map,
    choice_or_map,
    stacks,
    group,
  };
  Kind kind = Kind::group;
  std::string name, help;
  Range range;
  std::vector<std::string> words;  // of a keyword
  std::string off_word;            // none, auto, all; empty: the option is always on
  std::string zero_word;           // another way to write 0
  bool bare = false;               // lengths: a number without a unit stands for epochs
  std::optional<Table> table;      // of choices
  std::vector<Info> options;       // of a group
  bool takes_value = false;        // a group: a value stands for its first option
  bool common = false;             // taken by every member of the table
  Node value;                      // in force; of a group: its options'

  /// No default: its own range, or emptiness, forbids what stands there.
  bool required() const;
  bool off() const { return value.kind == Node::Kind::off; }
};

/// Own options first, then the common ones that no own one has the name of.
std::vector<Info> collect(Options& options);
/// The same, where choices leave out common options that have their default.
std::vector<Info> collect_brief(Options& options);
/// Values in force as a map of option names.
Node values_of(const std::vector<Info>& infos);

const Info* find_info(const std::vector<Info>& infos, std::string_view name);
/// The option that `name: value` sets, if the entry has one.
const Info* main_option(const std::vector<Info>& infos);
/// True if what stands behind an entry's name is the value of its main option: no map, or the map of a choice
/// (`averaged: {sgd: ...}`).
bool is_main_value(const Node& value, const std::vector<Info>& infos);
std::vector<std::string> names_of(const std::vector<Info>& infos);
std::vector<std::string> names_of(const Table& table);

/// "whole number", "layer", "list of layers"
std::string type_text(const Info& info);
/// As one would write it: "0.001", "adam", "10 epochs"; empty where there is none.
std::string default_text(const Info& info);
/// "number > 0, default 0.001", for brackets behind an option's name.
std::string summary(const Info& info);

}  // namespace bpnet::spec
