#include "spec/spec.hpp"

#include <fmt/format.h>

#include <deque>
#include <nlohmann/json.hpp>

#include "spec/binder.hpp"
#include "spec/json.hpp"
#include "spec/override.hpp"
#include "spec/parser.hpp"
#include "spec/yaml_text.hpp"

namespace bpnet {

Place Bound::place_of(const std::string& key) const {
  for (std::string at = key;;) {
    if (const auto found = places.find(at); found != places.end()) return found->second;
    if (at.empty()) return {};
    const std::size_t dot = at.rfind('.');
    at.resize(dot == std::string::npos ? 0 : dot);
  }
}

Bound bind_settings(Options& root, const std::string& file, const std::string& text,
                    std::span<const std::string> overrides) {
  std::vector<Problem> problems;
  Bound bound = bind_settings(root, file, text, overrides, problems);
  if (!problems.empty()) throw Error(Fault::configuration, std::move(problems));
  return bound;
}

Bound bind_settings(Options& root, const std::string& file, const std::string& text,
                    std::span<const std::string> overrides, std::vector<Problem>& problems) {
  spec::Findings findings;
  std::deque<spec::Source> sources;  // nodes point to them
  const auto add_source = [&](std::string name, const std::string& bytes, int order) -> const spec::Source* {
    try {
      return &sources.emplace_back(std::move(name), bytes, order);
    } catch (const Error& error) {
      findings.take(error, order);
      return nullptr;
    }
  };
  const spec::Source* main = add_source(file, text, 0);
  std::optional<spec::Node> tree;
  if (main) tree = spec::parse_yaml(*main, 0, findings);
  if (!tree) findings.raise_if_any();

  const std::vector<spec::Info> infos = spec::collect(root);
  int number = 0;
  for (const std::string& argument : overrides) {
    ++number;
    const spec::Source* source = add_source(fmt::format("--set #{}", number), argument, number);
    const bool fits = tree->kind == spec::Node::Kind::map || tree->kind == spec::Node::Kind::empty;
    if (source && fits) spec::apply_override(*tree, infos, *source, findings);
  }
  Bound bound;
  spec::Binder(bound, findings).bind_root(root, *tree, main->whole());
  problems = findings.take_all();
  return bound;
}

std::string write_settings(Options& root) {
  return spec::block_text(spec::values_of(spec::collect_brief(root)));
}

nlohmann::json settings_to_json(Options& root) { return spec::to_json(spec::values_of(spec::collect(root))); }

void settings_from_json(Options& root, const nlohmann::json& from) {
  spec::Findings findings;
  Bound bound;
  spec::Binder(bound, findings).bind_root(root, spec::from_json(from), {});
  findings.raise_if_any();
}

Choice clone(const Choice& choice) {
  Choice copy{choice.entry, choice.entry->make(), choice.place};
  settings_from_json(*copy.options, settings_to_json(*choice.options));
  return copy;
}

Choice parse_choice(const Table& table, const std::string& yaml) {
  spec::Findings findings;
  Bound bound;
  const spec::Source source(table.kind, yaml, 0);
  const auto tree = spec::parse_yaml(source, 0, findings);
  findings.raise_if_any();
  Choice choice = spec::Binder(bound, findings).bind_choice(*tree, table.kind, table);
  findings.raise_if_any();
  return choice;
}

std::vector<OptionText> describe(Options& options) {
  std::vector<OptionText> out;
  const auto add = [&](const auto& self, const std::vector<spec::Info>& infos,
                       const std::string& path) -> void {
    for (const spec::Info& info : infos) {
      const std::string name = spec::join(path, info.name);
      if (info.kind == spec::Info::Kind::group && info.off_word.empty()) {
        self(self, info.options, name);
        continue;
      }
      std::string type = spec::type_text(info);
      if (!info.off_word.empty()) type += ", or " + info.off_word;
      out.push_back({name, type, info.required() ? "required" : spec::default_text(info),
                     spec::range_text(info.range), info.help});
      if (info.kind == spec::Info::Kind::group) self(self, info.options, name);
    }
  };
  add(add, spec::collect(options), "");
  return out;
}

}  // namespace bpnet
