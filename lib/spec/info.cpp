#include "spec/info.hpp"

#include <algorithm>

#include "spec/scalars.hpp"

namespace bpnet::spec {

namespace {

/// Visits a struct and writes down what it says.
class Collector final : public Visitor {
 public:
  explicit Collector(bool brief) : brief_(brief) {}

  std::vector<Info> run(Options& options) {
    options.visit(*this);
    common_ = true;
    const std::size_t own = infos_.size();
    options.visit_common(*this);
    const auto is_own = [&](const Info& info) {  // dropout's rate is not the factor on the learning rate
      return std::any_of(infos_.begin(), infos_.begin() + static_cast<std::ptrdiff_t>(own),
                         [&](const Info& other) { return other.name == info.name; });
    };
    infos_.erase(std::remove_if(infos_.begin() + static_cast<std::ptrdiff_t>(own), infos_.end(), is_own),
                 infos_.end());
    return std::move(infos_);
  }

  void flag(const Option& o, bool& value) override {
    add(Info::Kind::flag, o, scalar_node(value ? "true" : "false", false));
  }
  void integer(const Option& o, std::int64_t& value) override {
    add(Info::Kind::integer, o, scalar_node(std::to_string(value), false));
  }
  void number(const Option& o, double& value) override {
    add(Info::Kind::number, o, scalar_node(show(value), false));
  }
  void text(const Option& o, std::string& value) override {
    const bool own_word = off_word_.empty() && value == "auto";  // name: auto
    add(Info::Kind::text, o, scalar_node(value, !own_word));
  }
  void keyword(const Option& o, std::size_t& index, std::span<const char* const> words) override {
    add(Info::Kind::keyword, o, scalar_node(words[index], false)).words.assign(words.begin(), words.end());
  }
  void length(const Option& o, Length& value) override {
    add(Info::Kind::length, o, scalar_node(show(value), false));
  }
  void texts(const Option& o, std::vector<std::string>& value) override {
    const bool one = brief_ && value.size() == 1;
    add(Info::Kind::texts, o, one ? scalar_node(value[0], true) : list_of(value, [](const std::string& x) {
          return scalar_node(x, true);
        }));
  }
  void integers(const Option& o, std::vector<std::int64_t>& value) override {
    add(Info::Kind::integers, o,
        list_of(value, [](auto x) { return scalar_node(std::to_string(x), false); }));
  }
  void numbers(const Option& o, std::vector<double>& value) override {
    add(Info::Kind::numbers, o, list_of(value, [](double x) { return scalar_node(show(x), false); }));
  }
  void lengths(const Option& o, std::vector<Length>& value) override {
    add(Info::Kind::lengths, o, list_of(value, [](const Length& x) { return scalar_node(show(x), false); }));
  }
  void mapping(const Option& o, std::vector<std::pair<std::string, std::string>>& value) override {
    add(Info::Kind::mapping, o, map_of(value, [](const std::string& x) { return scalar_node(x, true); }));
  }
  void weights(const Option& o, std::vector<std::pair<std::string, double>>& value) override {
    add(Info::Kind::weights, o, map_of(value, [](double x) { return scalar_node(show(x), false); }));
  }
  void files(const Option& o, FileList& value) override {
    const auto node_of = [](const FileItem& item) {
      const auto path_node = [](const std::string& path) { return scalar_node(path, true); };
      return item.alone() ? path_node(item.files[0].second) : map_of(item.files, path_node);
    };
    const bool one = brief_ && value.size() == 1;
    add(Info::Kind::files, o, one ? node_of(value[0]) : list_of(value, node_of));
  }
  void choice(const Option& o, Choice& value, const Table& table) override {
    Info& info = add(Info::Kind::choice, o, choice_value(value));
    info.table = table;
    if (!value && info.off_word.empty()) info.off_word = "none";
    if (!value) switch_off(info);
  }
  void choices(const Option& o, std::vector<Choice>& value, const Table& table) override {
    add(Info::Kind::choices, o, layer_list(value)).table = table;
  }
  void branches(const Option& o, std::vector<std::vector<Choice>>& value, const Table& table) override {
    add(Info::Kind::branches, o, list_of(value, [&](const auto& x) { return layer_list(x); })).table = table;
  }
  void choice_map(const Option& o, ChoiceMap& value, const Table& table) override {
    add(Info::Kind::choice_map, o, map_of(value, [&](const Choice& x) { return choice_value(x); })).table =
        table;
  }
  void choice_or_map(const Option& o, ChoiceMap& value, const Table& table) override {
    const bool single = value.size() == 1 && value[0].first.empty();
    Node node = single ? choice_value(value[0].second)
                       : map_of(value, [&](const Choice& x) { return choice_value(x); });
    add(Info::Kind::choice_or_map, o, std::move(node)).table = table;
  }
  void stacks(const Option& o, std::vector<Stack>& value, const Table& table) override {
    add(Info::Kind::stacks, o, stack_value(value)).table = table;
  }
  void group(const Option& o, Options& value) override {
    std::vector<Info> options = Collector(brief_).run(value);
    Node node = values_of(options);
    Info& info = add(Info::Kind::group, o, std::move(node));
    info.options = std::move(options);
    info.takes_value = value.takes_value();
  }
  void begin_optional(const Option& o, bool& present, const char* word) override {
    off_word_ = word;
    off_help_ = o.help;
    present_ = present;
  }
  void end_optional() override {}

 private:
  Info& add(Info::Kind kind, const Option& o, Node value) {
    Info info;
    info.kind = kind;
    info.name = o.name;
    info.help = o.help;
    info.range = o.range;
    info.zero_word = o.zero;
    info.bare = o.bare;
    info.off_word = std::exchange(off_word_, "");
    if (info.help.empty()) info.help = off_help_;
    info.common = common_;
    info.value = std::move(value);
    if (!info.off_word.empty() && !present_) switch_off(info);
    return infos_.emplace_back(std::move(info));
  }
  static void switch_off(Info& info) {
    info.value = {};
    info.value.kind = Node::Kind::off;
    info.value.text = info.off_word;
  }

  template <class T, class F>
  static Node list_of(const std::vector<T>& values, F to_node) {
    Node node;
    node.kind = Node::Kind::list;
    for (const T& value : values) node.items.push_back(to_node(value));
    return node;
  }
  template <class T, class F>
  static Node map_of(const std::vector<std::pair<std::string, T>>& values, F to_node) {
    Node node;
    node.kind = Node::Kind::map;
    for (const auto& [key, value] : values) node.fields.push_back({scalar_node(key, true), to_node(value)});
    return node;
  }

  Node choice_value(const Choice& choice) const {
    Node node;
    node.kind = Node::Kind::off;
    node.text = "none";
    if (!choice) return node;
    std::vector<Info> infos = Collector(brief_).run(*choice.options);
    if (brief_) drop_common_defaults(infos, *choice.entry);
    Node name = scalar_node(choice.entry->name, false);
    if (brief_ && infos.empty()) return name;
    node.kind = Node::Kind::map;
    node.fields.push_back({std::move(name), values_of(infos)});
    return node;
  }
  static void drop_common_defaults(std::vector<Info>& infos, const Entry& entry) {
    const auto fresh = entry.make();
    const std::vector<Info> defaults = Collector(true).run(*fresh);
    std::erase_if(infos, [&](const Info& info) {
      const Info* usual = find_info(defaults, info.name);
      return info.common && usual && usual->value.text == info.value.text &&
             usual->value.kind == info.value.kind && info.value.items.empty() && info.value.fields.empty();
    });
  }
  Node layer_list(const std::vector<Choice>& list) const {
    return list_of(list, [&](const Choice& x) { return choice_value(x); });
  }
  Node stack_value(const std::vector<Stack>& stacks) const {
    if (stacks.size() == 1 && stacks[0].name == "main") return layer_list(stacks[0].layers);
    Node node, inputs;
    node.kind = inputs.kind = Node::Kind::map;
    constexpr std::string_view prefix = "inputs.";
    for (const Stack& stack : stacks) {
      const bool input = stack.name.starts_with(prefix);
      const std::string name = input ? stack.name.substr(prefix.size()) : stack.name;
      (input ? inputs : node).fields.push_back({scalar_node(name, true), layer_list(stack.layers)});
    }
    if (!inputs.fields.empty())
      node.fields.insert(node.fields.begin(), {scalar_node("inputs", false), std::move(inputs)});
    return node;
  }

  bool brief_, common_ = false, present_ = true;
  std::string off_word_, off_help_;
  std::vector<Info> infos_;
};

double number_in(const Node& node) {
  const auto reading = read_number(node);
  const double* value = std::get_if<double>(&reading);
  return value ? *value : 0;
}

}  // namespace

bool Info::required() const {
  if (off()) return false;
  if (kind == Kind::stacks) return value.items.empty() && value.fields.empty();
  return (kind == Kind::integer || kind == Kind::number) && !range.holds(number_in(value));
}

std::vector<Info> collect(Options& options) { return Collector(false).run(options); }
std::vector<Info> collect_brief(Options& options) { return Collector(true).run(options); }

Node values_of(const std::vector<Info>& infos) {
  Node node;
  node.kind = Node::Kind::map;
  for (const Info& info : infos) node.fields.push_back({scalar_node(info.name, false), info.value});
  return node;
}

const Info* find_info(const std::vector<Info>& infos, std::string_view name) {
  const auto at = std::find_if(infos.begin(), infos.end(), [&](const Info& i) { return i.name == name; });
  return at == infos.end() ? nullptr : &*at;
}

const Info* main_option(const std::vector<Info>& infos) {
  return infos.empty() || infos.front().common ? nullptr : &infos.front();
}

bool is_main_value(const Node& value, const std::vector<Info>& infos) {
  if (value.kind == Node::Kind::scalar || value.kind == Node::Kind::list) return true;
  if (value.kind != Node::Kind::map || value.fields.size() != 1) return false;
  const Info* main = main_option(infos);
  const std::string& key = value.fields[0].key.text;
  return main && main->table && !find_info(infos, key) && main->table->find(key);
}

std::vector<std::string> names_of(const std::vector<Info>& infos) {
  std::vector<std::string> names;
  names.reserve(infos.size());
  for (const Info& info : infos) names.push_back(info.name);
  return names;
}

std::vector<std::string> names_of(const Table& table) {
  std::vector<std::string> names;
  for (const Entry* entry : table.entries) names.emplace_back(entry->name);
  return names;
}

std::string type_text(const Info& info) {
  using Kind = Info::Kind;
  std::string kind = info.table ? info.table->kind : "", plural = info.table ? info.table->plural : "";
  switch (info.kind) {
    case Kind::flag:
      return "true or false";
    case Kind::integer:
      return "whole number";
    case Kind::number:
      return "number";
    case Kind::text:
      return "text";
    case Kind::keyword:
      return either(info.words);
    case Kind::length:
      return info.bare ? "length or number of epochs" : "length";
    case Kind::texts:
      return "text or list of texts";
    case Kind::integers:
      return "whole number or list of them" +
             (info.zero_word.empty() ? "" : ", or " + info.zero_word + " (0)");
    case Kind::numbers:
      return "number or list of numbers";
    case Kind::lengths:
      return info.bare ? "length or list of lengths, numbers are epochs" : "length or list of lengths";
    case Kind::mapping:
      return "{from: to}";
    case Kind::weights:
      return "{name: number}";
    case Kind::files:
      return "file, {column: file, ...} or list of them";
    case Kind::choice:
      return kind;
    case Kind::choices:
      return "list of " + plural;
    case Kind::branches:
      return "list of lists of " + plural;
    case Kind::choice_map:
      return "{name: " + kind + "}";
    case Kind::choice_or_map:
      return kind + " or {name: " + kind + "}";
    case Kind::stacks:
      return "list of " + plural + ", or {name: list}";
    case Kind::group:
      return info.takes_value ? type_text(info.options[0]) + ", or options" : "options";
  }
  return "";
}

std::string default_text(const Info& info) {
  if (info.required()) return "";
  const Node& value = info.value;
  switch (value.kind) {
    case Node::Kind::off:
    case Node::Kind::scalar:
      return value.text;
    case Node::Kind::list: {
      std::string out;
      for (const Node& item : value.items) {
        const bool plain = item.kind == Node::Kind::scalar && !item.text.empty();
        out += (out.empty() ? "" : ", ") + (plain                             ? item.text
                                            : item.kind == Node::Kind::scalar ? "\"\""
                                                                              : "...");
      }
      return "[" + out + "]";
    }
    case Node::Kind::map:
      if (info.kind == Info::Kind::choice || info.kind == Info::Kind::choice_or_map)
        return value.fields.empty() ? "" : value.fields[0].key.text;
      break;
    case Node::Kind::empty:
      break;
  }
  return "";
}

std::string summary(const Info& info) {
  std::string out = type_text(info);
  if (const std::string range = range_text(info.range); !range.empty()) out += " " + range;
  if (!info.off_word.empty()) out += ", or " + info.off_word;
  if (info.required()) return out;
  const std::string value = default_text(info);
  return value.empty() || value == "[]" ? out : out + ", default " + value;
}

}  // namespace bpnet::spec
