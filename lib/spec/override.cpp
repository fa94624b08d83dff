#include "spec/override.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "spec/advice.hpp"
#include "spec/parser.hpp"
#include "spec/scalars.hpp"
#include "spec/yaml_text.hpp"

namespace bpnet::spec {

namespace {

Node part_node(const Source& source, std::string text, std::size_t offset, std::size_t length) {
  Node node = scalar_node(std::move(text), false);
  node.source = &source;
  node.offset = offset;
  node.length = length;
  return node;
}

/// a."b.c".2 -> a, b.c, 2, up to the '='. Nothing when it is malformed, which is told.
std::optional<std::vector<Node>> split_key(const Source& source, Findings& findings, std::size_t& end) {
  const std::string& text = source.text();
  std::vector<Node> parts;
  for (std::size_t at = 0;;) {
    const bool is_quoted = at < text.size() && (text[at] == '"' || text[at] == '\'');
    std::size_t stop = is_quoted ? text.find(text[at], at + 1) : text.find_first_of(".=", at);
    if (is_quoted && stop == std::string::npos) {
      findings.text(source, at, 1, "this quote never ends");
      return std::nullopt;
    }
    stop = std::min(stop, text.size());
    std::size_t end_of_name = stop;  // blanks around the '=' are none of it
    while (!is_quoted && end_of_name > at && text[end_of_name - 1] == ' ') --end_of_name;
    parts.push_back(part_node(source, text.substr(at + is_quoted, end_of_name - at - is_quoted), at,
                              std::max<std::size_t>(end_of_name - at + is_quoted, 1)));
    if (is_quoted) stop = std::min(text.find_first_not_of(' ', stop + 1), text.size());
    if (stop >= text.size() || (text[stop] != '.' && text[stop] != '=')) {
      findings.text(source, 0, 0, fmt::format("{} has no '='", quote(text)), {"write --set KEY=VALUE"});
      return std::nullopt;
    }
    if (parts.back().text.empty()) {
      findings.text(source, at, 1, "a part of the key is empty",
                    {"write --set KEY=VALUE, as in --set train.epochs=5"});
      return std::nullopt;
    }
    end = stop;
    if (text[stop] == '=') return parts;
    at = stop + 1;
  }
}

/// Items of lists, however deep, that have that name, or any: layers in blocks, too.
void find_named(Node& node, const std::string* name, std::vector<Node*>& found) {
  for (Node& item : node.items) {
    if (item.kind == Node::Kind::map && item.fields.size() == 1)
      if (const Node* own = item.fields[0].value.find("name"); own && (!name || own->text == *name))
        found.push_back(&item);
    find_named(item, name, found);
  }
  for (Field& field : node.fields) find_named(field.value, name, found);
}

bool is_position(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789", text[0] == '-' ? 1 : 0) == std::string::npos;
}

class Overrider {
 public:
  Overrider(std::vector<Node> parts, Node value, const std::vector<Info>& root, Findings& findings)
      : parts_(std::move(parts)), value_(std::move(value)), root_(root), findings_(findings) {}

  void run(Node& tree) {
    Node changed = tree;
    among(changed, root_, "");
    if (!refused_) tree = std::move(changed);
  }

 private:
  bool done() const { return next_ == parts_.size(); }
  bool last() const { return next_ + 1 == parts_.size(); }
  const Node& part() const { return parts_[next_]; }
  void replace(Node& node) { node = value_; }
  void refuse(std::string message, std::vector<std::string> help = {}) {
    findings_.name(part(), std::move(message), std::move(help));
    refused_ = true;
  }

  Node& field(Node& map, const Node& key) {
    if (map.kind != Node::Kind::map) {
      const Source* source = key.source;
      map = {};
      map.kind = Node::Kind::map;
      map.source = source;
      map.offset = key.offset;
      map.length = 1;
    }
    if (Node* found = map.find(key.text)) return *found;
    Node nothing;
    nothing.source = key.source;
    nothing.offset = key.offset;
    nothing.length = key.length;
    map.fields.push_back({key, std::move(nothing)});
    return map.fields.back().value;
  }

  /// The next part is the name of an option.
  void among(Node& map, const std::vector<Info>& infos, const std::string& path) {
    const Node& key = part();
    const Info* info = find_info(infos, key.text);
    if (!info) {
      const std::string message = path.empty()
                                      ? fmt::format("there is no option {} at the top level", quote(key.text))
                                      : fmt::format("{} has no option {}", path, quote(key.text));
      return refuse(message, advise_option(key, infos, path, root_).help);
    }
    Node& node = field(map, key);
    ++next_;
    option(node, *info, join(path, key.text));
  }

  void option(Node& node, const Info& info, const std::string& path) {
    if (done()) return replace(node);
    using Kind = Info::Kind;
    switch (info.kind) {
      case Kind::group:
        return among(node, info.options, path);
      case Kind::choice:
        return choice(node, info, path);
      case Kind::choices:
        return list_item(node, info, path);
      case Kind::branches:
        return branch(node, info, path);
      case Kind::choice_map:
        return by_name(node, info, path);
      case Kind::choice_or_map:
        return choice_or_map(node, info, path);
      case Kind::stacks:
        return stack(node, info, path);
      case Kind::mapping:
      case Kind::weights:
        if (!last()) break;
        return replace(field(node, part()));
      case Kind::files:
        if (!last()) break;
        if (node.kind == Node::Kind::map) return replace(field(node, part()));
        if (Node* item = element(node, path)) replace(*item);
        return;
      case Kind::texts:
      case Kind::integers:
      case Kind::numbers:
      case Kind::lengths:
        if (!last()) break;
        if (Node* item = element(node, path)) replace(*item);
        return;
      default:
        break;
    }
    refuse(fmt::format("{} has no options", path));
  }

  /// The item of a list that the next part names: a position from 1, -1 the last, or a layer's name.
  Node* element(Node& list, const std::string& path) {
    const std::string& text = part().text;
    if (list.kind == Node::Kind::scalar || list.kind == Node::Kind::map) {  // one stands for a list of one
      Node one = std::exchange(list, {});
      list.kind = Node::Kind::list;
      list.source = one.source;
      list.offset = one.offset;
      list.items.push_back(std::move(one));
    }
    if (list.kind != Node::Kind::list) {
      refuse(fmt::format("{} is not written, so it has no item {}", path, text),
             {fmt::format("give the whole list: {}=[...]", path)});
      return nullptr;
    }
    const auto size = static_cast<long>(list.items.size());
    long at = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), at);
    if (error == std::errc{} && end == text.data() + text.size()) {
      if (at < 0) at += size + 1;
      if (at >= 1 && at <= size) return &list.items[static_cast<std::size_t>(at - 1)];
      refuse(fmt::format("{} has {} items, no item {}", path, size, text),
             {"positions count from 1; -1 is the last"});
      return nullptr;
    }
    std::vector<Node*> named, all;
    find_named(list, &text, named);
    if (named.size() == 1) return named[0];
    if (named.size() > 1) {
      refuse(fmt::format("{} has {} items {}", path, named.size(), quote(text)),
             {"say which by the positions of the blocks they are in"});
      return nullptr;
    }
    find_named(list, nullptr, all);
    std::vector<std::string> names;
    names.reserve(all.size());
    for (const Node* item : all) names.push_back(item->fields[0].value.find("name")->text);
    std::vector<std::string> help = advise_word(text, names);
    if (help.empty())
      help = {"an item is named by its position from 1 (-1 the last), or by the 'name' it has"};
    refuse(fmt::format("{} has no item {}", path, quote(text)), std::move(help));
    return nullptr;
  }

  void list_item(Node& list, const Info& info, const std::string& path) {
    const std::string inner = join(path, part().text);
    Node* item = element(list, path);
    if (!item) return;
    ++next_;
    if (done()) return replace(*item);
    choice(*item, info, inner);
  }

  void branch(Node& node, const Info& info, const std::string& path) {
    const std::string inner = join(path, part().text);
    Node* item = element(node, path);
    if (!item) return;
    ++next_;
    if (done()) return replace(*item);
    list_item(*item, info, inner);
  }

  void by_name(Node& node, const Info& info, const std::string& path) {
    const std::string inner = join(path, part().text);
    if (info.kind == Info::Kind::choice_map && !last() && !node.find(part().text) &&
        !info.table->find(parts_[next_ + 1].text))
      return refuse_cut_name(info, path);
    Node& value = field(node, part());
    ++next_;
    if (done()) return replace(value);
    choice(value, info, inner);
  }

  /// columns.pm2.5: a name with a point that was not quoted, or a wrong type.
  void refuse_cut_name(const Info& info, const std::string& path) {
    std::string name = part().text, rest;
    while (++next_ < parts_.size() && !info.table->find(part().text)) name += "." + part().text;
    for (std::size_t i = next_; i < parts_.size(); ++i) rest += "." + parts_[i].text;
    next_ = std::min(next_, parts_.size()) - 1;
    std::vector<std::string> help = advise_name(parts_[next_], *info.table);
    if (help.empty() || !help[0].starts_with("did you mean"))
      help.insert(help.begin(), fmt::format("a name with points is quoted: write --set '{}.\"{}\"{}=...'",
                                            path, name, rest));
    refuse(fmt::format("{}.{} has no {} {}", path, name.substr(0, name.find('.')), info.table->kind,
                       quote(name.substr(name.find('.') + 1))),
           std::move(help));
  }

  /// Nothing is written, and the next part is an option of what is chosen then.
  bool is_option_of_default(const Node& node, const Info& info) {
    if (!node.fields.empty() || !node.items.empty() || info.value.fields.empty()) return false;
    const Entry* usual = info.table->find(info.value.fields[0].key.text);
    return usual && find_info(collect(*usual->make()), part().text);
  }

  void choice_or_map(Node& node, const Info& info, const std::string& path) {
    const bool is_choice = node.kind == Node::Kind::scalar || info.table->find(part().text) ||
                           (node.kind == Node::Kind::map && node.fields.size() == 1 &&
                            info.table->find(node.fields[0].key.text)) ||
                           is_option_of_default(node, info);
    return is_choice ? choice(node, info, path) : by_name(node, info, path);
  }

  void stack(Node& node, const Info& info, const std::string& path) {
    if (node.kind == Node::Kind::list) {
      if (part().text == "main" && !last()) ++next_;
      return list_item(node, info, path);
    }
    Node* list = node.find(part().text);
    std::vector<Node*> named;
    find_named(node, &part().text, named);
    if (!list && named.size() == 1) {
      const std::string inner = join(path, part().text);
      ++next_;
      if (done()) return replace(*named[0]);
      return choice(*named[0], info, inner);
    }
    if (!list) return refuse(fmt::format("{} has no list {}", path, quote(part().text)));
    const std::string inner = join(path, part().text);
    ++next_;
    if (done()) return replace(*list);
    if (list->kind == Node::Kind::map) return stack(*list, info, inner);
    list_item(*list, info, inner);
  }

  /// `node` holds a choice; the next part is its name, or an option of what is chosen.
  void choice(Node& node, const Info& info, const std::string& path) {
    const Table& table = *info.table;
    const bool written =
        node.kind == Node::Kind::scalar || (node.kind == Node::Kind::map && node.fields.size() == 1);
    Node name = node.kind == Node::Kind::map && written ? node.fields[0].key : node;
    const Entry* chosen = written ? table.find(name.text) : nullptr;
    const Entry* named = table.find(part().text);
    if (written && !chosen && !name.is_word(info.off_word)) return;  // binding tells of the unknown name
    if (named && chosen && named != chosen) return refuse_other(path, name, *named);
    if (!chosen && !named && !info.value.fields.empty()) chosen = table.find(info.value.fields[0].key.text);
    if (!chosen && !named)
      return refuse(fmt::format("{} has no {} {}", path, table.kind, quote(part().text)),
                    advise_name(part(), table));
    const Entry& entry = named ? *named : *chosen;
    if (node.kind != Node::Kind::map || node.fields.empty()) {  // `- dropout` becomes `- dropout: ...`
      Node key = written && chosen ? name : part();
      key.text = entry.name;
      node = {};
      field(node, key);
    }
    Node& value = node.fields[0].value;
    if (named) ++next_;
    options_of(value, entry, join(path, entry.name));
  }

  void options_of(Node& value, const Entry& entry, const std::string& path) {
    const auto fresh = entry.make();
    const std::vector<Info> infos = collect(*fresh);
    const Info* main = main_option(infos);
    const bool is_main = is_main_value(value, infos);
    if (done()) {
      if (value.kind != Node::Kind::map || is_main || value_.kind == Node::Kind::map || !main)
        return replace(value);
      return replace(field(value, part_node(*parts_.back().source, main->name, parts_.back().offset, 1)));
    }
    if (main && main->kind == Info::Kind::choices && is_position(part().text)) {  // residual.1: layers.1
      Node* const list = is_main ? &value : value.find(main->name);
      if (list) return list_item(*list, *main, path);
    }
    if (is_main && main) {  // `dropout: 0.1` becomes `dropout: {rate: 0.1}`
      Node written = value;
      Node key = written;
      key.kind = Node::Kind::scalar;
      key.items.clear();
      key.text = main->name;
      value = {};
      field(value, key) = std::move(written);
    }
    among(value, infos, path);
  }

  /// The key goes into a choice other than the one made.
  void refuse_other(const std::string& path, const Node& chosen, const Entry& named) {
    const Place at = chosen.place();
    const std::string inner = last() ? flow_text(value_) : fmt::format("{{{}: ...}}", parts_[next_ + 1].text);
    refuse(fmt::format("{} is {} ({}:{}), not {}", path, chosen.text, at.file, at.line, named.name),
           {fmt::format("to choose the other one: {}='{{{}: {}}}'", path, named.name, inner)});
  }

  std::vector<Node> parts_;
  Node value_;
  const std::vector<Info>& root_;
  Findings& findings_;
  std::size_t next_ = 0;
  bool refused_ = false;
};

}  // namespace

void apply_override(Node& tree, const std::vector<Info>& infos, const Source& source, Findings& findings) {
  std::size_t equals = 0;
  std::optional<std::vector<Node>> parts = split_key(source, findings, equals);
  if (!parts) return;
  const std::string raw = source.text().substr(equals + 1);
  const bool plain = raw.find_first_of("\"'[{") == std::string::npos;
  Findings unread;
  std::optional<Node> value = parse_yaml(source, equals + 1, plain ? unread : findings);
  const bool comment = value && !value->source && raw.find_first_not_of(' ') != std::string::npos;
  const bool nothing = value && ((value->kind == Node::Kind::map && value->fields.empty()) ||  // :
                                 (value->kind == Node::Kind::scalar && value->text.empty()));  // |
  if (plain && (!value || comment || nothing))
    return findings.text(
        source, equals + 1, raw.size(), fmt::format("{} is no value in YAML", quote(raw)),
        {fmt::format("if it is meant as text: --set '{}=\"{}\"'", source.text().substr(0, equals), raw)});
  if (!value) return;
  if (!value->source) {  // nothing behind the '='
    value->source = &source;
    value->offset = equals;
    value->length = 1;
  }
  Overrider(std::move(*parts), std::move(*value), infos, findings).run(tree);
}

}  // namespace bpnet::spec
