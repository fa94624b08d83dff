// Options that choose from tables: one choice, lists, maps and stacks of them.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "spec/advice.hpp"
#include "spec/binder.hpp"
#include "spec/scalars.hpp"
#include "spec/yaml_text.hpp"

namespace bpnet::spec {

namespace {

std::string with_article(std::string_view kind) {
  const bool vowel = !kind.empty() && std::string_view("aeiou").find(kind[0]) != std::string_view::npos;
  return fmt::format("{} {}", vowel ? "an" : "a", kind);
}

bool names_a_member(const Node& node, const Table& table) {
  if (node.kind == Node::Kind::scalar) return table.find(node.text);
  return node.kind == Node::Kind::map && std::any_of(node.fields.begin(), node.fields.end(),
                                                     [&](const Field& f) { return table.find(f.key.text); });
}

/// `{type: dense, units: 3}`: the key that holds the name, as other tools write it.
const Field* name_as_value(const Node& node, const Table& table) {
  for (const Field& field : node.fields)
    for (const char* key : {"type", "name", "class", "kind", "layer", "method", "class_name"})
      if (field.key.text == key && field.value.kind == Node::Kind::scalar &&
          surely_meant(field.value.text, table))
        return &field;
  return nullptr;
}

/// Options of a member with the names that it has for them.
Node in_our_words(Node options, const Entry& member) {
  const auto fresh = member.make();
  const std::vector<Info> infos = collect(*fresh);
  for (Field& field : options.fields)
    if (const Info* info = info_called(field.key.text, infos)) field.key.text = info->name;
  return options;
}

/// Of an input, the name is a glob of the columns it reads.
Findings::Help name_help(const std::string& text, bool input) {
  Findings::Help help = {"a name has no points, blanks and quotes"};
  if (!input || text.empty()) return help;
  std::string glob = text;
  for (char& c : glob)
    if (std::string_view(".\"' ").find(c) != std::string_view::npos) c = '?';
  help.push_back(fmt::format("a ? stands for any character of a column's name: \"{}\": [...]", glob));
  return help;
}

}  // namespace

void Binder::report_several_names(const Node& node, const std::string& path, const Table& table,
                                  bool in_list) {
  const auto first = std::find_if(node.fields.begin(), node.fields.end(),
                                  [&](const Field& f) { return table.find(f.key.text); });
  if (first == node.fields.end()) {
    if (const Field* field = name_as_value(node, table)) {
      Node options;
      options.kind = Node::Kind::map;
      for (const Field& f : node.fields)
        if (&f != field) options.fields.push_back(f);
      const Entry& meant = *surely_meant(field->value.text, table);
      const std::string behind = options.fields.empty() ? "" : ": " + flow_text(in_our_words(options, meant));
      findings_.name(field->key,
                     fmt::format("{}: {} is written as its name with its options behind it", path,
                                 with_article(table.kind)),
                     {fmt::format("write {}{}", meant.name, behind)});
      return check_options(meant, &options, path, field->key);
    }
    const Node& key = node.fields[0].key;
    return findings_.name(key, fmt::format("{}: there is no {} {}", path, table.kind, quote(key.text)),
                          advise_name(key, table));
  }
  const std::string& name = first->key.text;
  const auto fresh = table.find(name)->make();
  const std::vector<Info> infos = collect(*fresh);
  const Field& other = first == node.fields.begin() ? node.fields[1] : node.fields[0];
  const std::string& key = other.key.text;
  const bool has_value = first->value.kind != Node::Kind::empty && first->value.kind != Node::Kind::map;
  std::string help = fmt::format("indent '{}' to make it an option of {}", key, name);
  if (const Info* main = main_option(infos); main && has_value && find_info(infos, key))
    help = fmt::format("write {}: {{{}: {}, {}: {}}}", name, main->name, flow_text(first->value), key,
                       flow_text(other.value));
  else if (table.find(key))
    help = in_list ? fmt::format("each {} is an item of its own: put '- ' before {}", table.kind, key)
                   : fmt::format("choose one {}", table.kind);
  findings_.name(
      other.key,
      fmt::format("{}: two names{}, '{}' and '{}'", path, in_list ? " in one item" : "", name, key),
      {std::move(help)});
}

void Binder::check_options(const Entry& meant, const Node* options, const std::string& path, const Node& at) {
  const auto fresh = meant.make();
  bind_options(*fresh, options, join(path, meant.name), &at);
}

std::optional<Binder::Named> Binder::name_of(const Node& node, const std::string& path, const Table& table,
                                             bool in_list) {
  if (findings_.full()) return std::nullopt;
  const Node* name = &node;
  const Node* value = nullptr;
  switch (node.kind) {
    case Node::Kind::scalar:
      break;
    case Node::Kind::map:
      if (node.fields.size() > 1 || (!names_a_member(node, table) && name_as_value(node, table))) {
        report_several_names(node, path, table, in_list);
        return std::nullopt;
      }
      if (node.fields.empty()) {
        findings_.value(
            node, fmt::format("{} must name {}; got nothing in braces", path, with_article(table.kind)));
        return std::nullopt;
      }
      name = &node.fields[0].key;
      value = &node.fields[0].value;
      break;
    case Node::Kind::list:
      findings_.value(node, fmt::format("{} must be one {}; got a list", path, table.kind));
      return std::nullopt;
    case Node::Kind::empty:
    case Node::Kind::off:
      findings_.value(node, fmt::format("{} names no {}", path, table.kind));
      return std::nullopt;
  }
  if (const Entry* entry = table.find(name->text)) return Named{name, value, entry};
  findings_.name(*name, fmt::format("{}: there is no {} {}", path, table.kind, quote(name->text)),
                 advise_name(*name, table, !value && !in_list));
  if (const Entry* meant = value ? surely_meant(name->text, table) : nullptr)
    check_options(*meant, value, path, *name);
  return std::nullopt;
}

Choice Binder::bind_choice(const Node& node, const std::string& path, const Table& table, bool in_list) {
  bound_.places[path] = node.place();
  const auto named = name_of(node, path, table, in_list);
  if (!named) return {};
  Choice choice{named->entry, named->entry->make(), named->name->place()};
  const std::string inner = join(path, named->entry->name);
  bound_.places[inner] = choice.place;
  bind_options(*choice.options, named->value, inner, named->name);
  return choice;
}

void Binder::choice(const Option& option, Choice& value, const Table& table) {
  const Node* node = look_up(option.name);
  if (!word_ && !value && node) {  // nothing chosen is a value it has, so it can be written
    const bool off = node->kind == Node::Kind::off || node->is_word("none");
    word_ = Word{"none", off, false};
  }
  const Given given = take(option);
  if (given.off) value = {};
  if (given.node) value = bind_choice(*given.node, given.path, table);
}

std::vector<Choice> Binder::bind_list(const Node& node, const std::string& path, const Table& table) {
  std::vector<Choice> list;
  for (std::size_t i = 0; i < node.items.size(); ++i)
    list.push_back(bind_choice(node.items[i], join(path, std::to_string(i + 1)), table, true));
  check_layer_names(list, path);
  return list;
}

/// A name stands for the layer in tensors and in --set, where positions stand too: it must be one of a kind.
void Binder::check_layer_names(const std::vector<Choice>& list, const std::string& path) {
  std::map<std::string, int> lines;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (!list[i]) continue;
    const std::vector<Info> infos = collect(*list[i].options);
    const Info* name = find_info(infos, "name");
    if (!name || !name->common || name->value.text.empty()) continue;
    const std::string& text = name->value.text;
    const std::string at = join(join(path, std::to_string(i + 1)), list[i].name()) + ".name";
    Place place = bound_.place_of(at);
    place.length = 0;
    const bool number = text.find_first_not_of("-0123456789") == std::string::npos;
    if (number || text.find('.') != std::string::npos)
      findings_.whole(place, fmt::format("{} must be a word without points; got {}", at, quote(text)));
    const auto [first, fresh] = lines.try_emplace(text, place.line);
    if (!fresh)
      findings_.whole(
          place, fmt::format("{} is {} like that of the layer in line {}", at, quote(text), first->second),
          {"names in one list differ"});
  }
}

void Binder::choices(const Option& option, std::vector<Choice>& value, const Table& table) {
  const Given given = take(option);
  if (given.off) value.clear();
  if (!given.node) return;
  const Node& node = *given.node;
  if (node.kind == Node::Kind::list) {
    value = bind_list(node, given.path, table);
  } else if (node.kind == Node::Kind::map && node.fields.size() > 1) {
    refuse(given, node, given.path, fmt::format("a list of {}", table.plural),
           {"each item begins with '- '"});
  } else {
    value = {bind_choice(node, given.path, table)};
  }
}

void Binder::branches(const Option& option, std::vector<std::vector<Choice>>& value, const Table& table) {
  const Given given = take(option);
  if (given.off) value.clear();
  if (!given.node) return;
  const std::string wanted = fmt::format("a list of lists of {}", table.plural);
  if (given.node->kind != Node::Kind::list) return refuse(given, *given.node, given.path, wanted);
  value.clear();
  for (std::size_t i = 0; i < given.node->items.size(); ++i) {
    const Node& item = given.node->items[i];
    const std::string path = join(given.path, std::to_string(i + 1));
    bound_.places[path] = item.place();
    if (item.kind == Node::Kind::list)
      value.push_back(bind_list(item, path, table));
    else
      refuse(given, item, path, fmt::format("a list of {}", table.plural), {"put the branch in [...]"});
  }
}

void Binder::choice_map(const Option& option, ChoiceMap& value, const Table& table) {
  const Given given = take(option);
  if (given.off) value.clear();
  if (!given.node) return;
  if (given.node->kind != Node::Kind::map)
    return refuse(given, *given.node, given.path, fmt::format("a map {{name: {}}}", table.kind));
  value.clear();
  for (const Field& field : given.node->fields) {
    const std::string path = join(given.path, field.key.text);
    value.emplace_back(field.key.text, bind_choice(field.value, path, table));
    bound_.places[path] = field.key.place();
  }
}

void Binder::choice_or_map(const Option& option, ChoiceMap& value, const Table& table) {
  const Given given = take(option);
  if (given.off) value.clear();
  if (!given.node) return;
  const Node& node = *given.node;
  const auto usual = [&](const Node& n) { return !given.word.empty() && n.is_word(given.word); };
  const auto chooses = [&](const Field& f) {
    return usual(f.value) || names_a_member(f.value, table) || name_as_value(f.value, table);
  };
  const Field* const name = node.fields.size() > 1 ? name_as_value(node, table) : nullptr;
  const bool name_and_options =
      name && std::none_of(node.fields.begin(), node.fields.end(),
                           [&](const Field& f) { return &f != name && chooses(f); });
  const bool by_name = node.kind == Node::Kind::map && !names_a_member(node, table) && !name_and_options &&
                       (node.fields.empty() || std::any_of(node.fields.begin(), node.fields.end(), chooses));
  value.clear();
  if (!by_name) {
    value.emplace_back("", bind_choice(node, given.path, table));
    return;
  }
  for (const Field& field : node.fields) {
    const std::string path = join(given.path, field.key.text);
    value.emplace_back(field.key.text, usual(field.value) ? Choice{} : bind_choice(field.value, path, table));
    if (usual(field.value)) bound_.places[path] = value.back().second.place = field.value.place();
  }
}

void Binder::stacks(const Option& option, std::vector<Stack>& value, const Table& table) {
  const Given given = take(option);
  if (given.off) value.clear();
  if (!given.node) {
    if (value.empty()) need(given, option, fmt::format("list of {}", table.plural));
    return;
  }
  const Node& node = *given.node;
  const std::string a_list = fmt::format("a list of {}", table.plural);
  if (node.items.empty() && node.fields.empty() && node.kind != Node::Kind::scalar)
    return refuse(given, node, given.path, fmt::format("a list of at least one {}", table.kind));
  value.clear();
  if (node.kind == Node::Kind::list) {
    value.push_back({"main", bind_list(node, given.path, table), node.place()});
    return;
  }
  if (node.kind != Node::Kind::map || names_a_member(node, table))
    return refuse(given, node, given.path, a_list, {fmt::format("each {} begins with '- '", table.kind)});
  const auto add = [&](const std::string& name, const Field& field, const std::string& path) {
    bound_.places[path] =
        path.starts_with(join(given.path, "inputs") + ".") ? field.key.place() : field.value.place();
    if (field.key.text.find_first_of(".\"' ") != std::string::npos || field.key.text.empty())
      findings_.name(field.key,
                     fmt::format("{} is no name for a list of {}", quote(field.key.text), table.plural),
                     name_help(field.key.text, path.starts_with(join(given.path, "inputs") + ".")));
    else if (field.value.kind != Node::Kind::list)
      refuse(given, field.value, path, a_list,
             names_a_member(field.value, table)
                 ? Findings::Help{fmt::format("each {} begins with '- '", table.kind)}
                 : Findings::Help{});
    else
      value.push_back({name, bind_list(field.value, path, table), field.key.place()});
  };
  for (const Field& field : node.fields) {
    const std::string path = join(given.path, field.key.text);
    if (field.key.text != "inputs" || field.value.kind != Node::Kind::map) {
      add(field.key.text, field, path);
      continue;
    }
    bound_.places[path] = field.value.place();
    for (const Field& input : field.value.fields)
      add("inputs." + input.key.text, input, join(path, input.key.text));
  }
}

}  // namespace bpnet::spec
