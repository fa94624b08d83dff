#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "augmentations/augmentation.hpp"
#include "averages/average.hpp"
#include "command.hpp"
#include "data/settings.hpp"
#include "initialisers/initialiser.hpp"
#include "layers/layer.hpp"
#include "losses/loss.hpp"
#include "metrics/metric.hpp"
#include "optimizers/optimizer.hpp"
#include "schedules/schedule.hpp"
#include "spec/advice.hpp"
#include "spec/spec.hpp"
#include "tasks/task.hpp"
#include "text/tokenizer.hpp"
#include "train/settings.hpp"

namespace bpnet::app::command_entries {

namespace {

constexpr const Table* tables[] = {&tasks,   &column_types,  &layers,    &initialisers,
                                   &losses,  &optimizers,    &averages,  &schedules,
                                   &metrics, &augmentations, &tokenizers};

struct ListAsked {
  std::string table, name;
  bool json = false;
};

std::size_t widest(const Table& table) {
  std::size_t width = 0;
  for (const Entry* e : table.entries) width = std::max(width, std::string_view(e->name).size());
  return width;
}

void print_table(const Table& table, const char* indent) {
  for (const Entry* e : table.entries)
    fmt::print("{}{:<{}}  {}\n", indent, e->name, widest(table), e->description);
}

void print_options(const std::vector<OptionText>& options) {
  std::size_t name = 0, type = 0, value = 0;
  for (const OptionText& o : options) {
    name = std::max(name, o.name.size());
    type = std::max(type, (o.type + " " + o.range).size());
    value = std::max(value, o.default_value.size());
  }
  for (const OptionText& o : options)
    fmt::print("  {:<{}}  {:<{}}  {:<{}}  {}\n", o.name, name, o.type + " " + o.range, type, o.default_value,
               value, o.help);
}

nlohmann::ordered_json to_json(const OptionText& o) {
  return {
      {"name", o.name}, {"type", o.type}, {"default", o.default_value}, {"range", o.range}, {"help", o.help}};
}

nlohmann::ordered_json entry_to_json(const Table& table, const Entry& entry) {
  nlohmann::ordered_json options = nlohmann::ordered_json::array();
  const auto made = entry.make();
  for (const OptionText& o : describe(*made)) options.push_back(to_json(o));
  return {{"table", table.plural},
          {"name", entry.name},
          {"description", entry.description},
          {"example", entry.example},
          {"options", std::move(options)}};
}

void print_entry(const Table& table, const Entry& entry) {
  fmt::print("{} {}: {}\n\n  {}\n", table.kind, entry.name, entry.description, entry.example);
  const auto made = entry.make();
  const auto options = describe(*made);
  if (options.empty()) return;
  fmt::print("\noptions (the first is what '{}: VALUE' sets):\n", entry.name);
  print_options(options);
}

std::string did_you_mean(const std::string& word, const std::vector<std::string>& known) {
  const auto near = near_words(word, known);
  if (!near.empty()) return "did you mean '" + near[0] + "'?";
  return fmt::format("there are: {}", fmt::join(known, ", "));
}

const Table& table_named(const std::string& name) {
  std::vector<std::string> known;
  for (const Table* t : tables) {
    if (name == t->plural || name == t->kind) return *t;
    known.emplace_back(t->plural);
  }
  for (const Table* t : tables)
    if (t->find(name))
      throw Error(Fault::command_line, "there is no table '" + name + "'",
                  {"did you mean 'bpnet list " + std::string(t->plural) + " " + name + "'?"});
  known.emplace_back("settings");
  throw Error(Fault::command_line, "there is no table '" + name + "'", {did_you_mean(name, known)});
}

/// The option of that name, and those in it: "train", "split", "train.epochs". All when it is empty.
std::vector<OptionText> options_under(const std::string& name, const std::vector<OptionText>& all) {
  if (name.empty()) return all;
  std::vector<OptionText> found;
  std::vector<std::string> known;
  for (const OptionText& option : all) {
    if (("." + option.name + ".").find("." + name + ".") != std::string::npos) found.push_back(option);
    known.push_back(option.name.substr(option.name.rfind('.') + 1));
  }
  if (!found.empty()) return found;
  const auto near = near_words(name, known);
  throw Error(Fault::command_line, "there is no setting '" + name + "'",
              {near.empty() ? "bpnet list settings shows them all" : "did you mean '" + near[0] + "'?"});
}

void print_json(const Table& table) {
  for (const Entry* e : table.entries) std::puts(entry_to_json(table, *e).dump().c_str());
}

int run(const ListAsked& asked) {
  if (asked.table.empty()) {
    if (asked.json) {
      for (const Table* t : tables) print_json(*t);
      return ok;
    }
    for (const Table* t : tables) {
      fmt::print("{}\n", t->plural);
      print_table(*t, "  ");
    }
    fmt::print(
        "\nbpnet list TABLE NAME shows the options of one, bpnet list settings the other keys of the "
        "YAML.\n");
    return ok;
  }
  if (asked.table == "settings") {
    Settings settings;
    const auto options = options_under(asked.name, describe(settings));
    if (!asked.json)
      print_options(options);
    else
      for (const OptionText& o : options) std::puts(to_json(o).dump().c_str());
    return ok;
  }
  const Table& table = table_named(asked.table);
  if (asked.name.empty()) {
    if (asked.json)
      print_json(table);
    else
      print_table(table, "");
    return ok;
  }
  const Entry* entry = table.find(asked.name);
  if (!entry)
    throw Error(Fault::command_line, fmt::format("there is no {} '{}'", table.kind, asked.name),
                spec::advise_name(spec::scalar_node(asked.name, true), table));
  if (asked.json)
    std::puts(entry_to_json(table, *entry).dump().c_str());
  else
    print_entry(table, *entry);
  return ok;
}

}  // namespace

extern const Command list = {
    "list", "what can be written in the YAML: layers, losses, optimizers, ...", "bpnet list layers dropout",
    [](Arguments arguments) -> std::function<int()> {
      auto asked = std::make_shared<ListAsked>();
      arguments.text("TABLE", asked->table, "layers, losses, optimizers, ...; or settings");
      arguments.text("NAME", asked->name, "one of them, with its options and an example");
      arguments.json(asked->json, "an object a line");
      return [asked] { return run(*asked); };
    }};

}  // namespace bpnet::app::command_entries
