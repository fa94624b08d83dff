#include "spec/parser.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <map>
#include <sstream>
#include <unordered_map>

#include "spec/lexis.hpp"
#include "spec/scalars.hpp"
#include "spec/syntax.hpp"

namespace bpnet::spec {

namespace {

constexpr std::size_t most_values = 100000, most_levels = 100;

struct Stop {};  // told already; the rest cannot be understood

std::size_t values_in(const Node& node) {
  std::size_t n = 1;
  for (const Node& item : node.items) n += values_in(item);
  for (const Field& field : node.fields) n += 1 + values_in(field.value);
  return n;
}

/// A list or map whose end has not come yet.
struct Open {
  Node node;
  Node key;
  bool has_key = false;
  std::size_t key_mark = 0;
  YAML::anchor_t anchor = 0;
  bool flow = false;
  std::unordered_map<std::string, std::size_t> seen;  // keys: index of their field
};

class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const Source& source, std::size_t begin, Findings& findings)
      : source_(source), begin_(begin), findings_(findings) {}

  bool has_document() const { return documents_ > 0; }
  Node take() { return std::move(root_); }
  /// The innermost flow list or map that has begun and not ended.
  const Node* open_flow() const {
    for (auto at = open_.rbegin(); at != open_.rend(); ++at)
      if (at->flow) return &at->node;
    return nullptr;
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ == 1) return;
    const std::size_t at = offset(mark);
    if (source_.text().compare(at, 3, "---") == 0) {
      stop(at, 3, "a second document begins here", {"a configuration is one document"});
    } else {
      stop(at, 1, "the settings end before this", {"is a quote missing, or the indentation wrong?"});
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const std::size_t at = offset(mark);
    const bool is_key = expects_key();
    if (!is_key) check_colon(at);
    Node node = here(at);
    if (std::string word = written_null(source_.text(), at, is_key); !word.empty()) {
      node.kind = Node::Kind::scalar;
      node.length = word.size();
      node.text = std::move(word);
    } else if (!open_.empty() && open_.back().has_key) {  // a value left out: its key's place
      node.offset = open_.back().key.offset;
      node.length = open_.back().key.length;
    } else if (!open_.empty() && !open_.back().flow && at > 0) {  // an item left out: its dash
      const std::size_t dash = source_.text().rfind('-', at - 1);
      if (dash != std::string::npos) node.offset = dash;
    }
    add(std::move(node), anchor, at);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto at = anchors_.find(anchor);
    if (at == anchors_.end()) stop(offset(mark), 1, "this alias stands inside what it refers to", {});
    count(values_in(at->second), offset(mark));
    add(at->second, 0, offset(mark));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    const std::size_t at = offset(mark);
    check_tag(tag, at);
    const Written written = written_scalar(source_.text(), at, value);
    if (!written.closed) stop(written.offset, 1, fmt::format("this {} quote never ends", written.quote), {});
    Node node = here(written.offset);
    node.kind = Node::Kind::scalar;
    node.quoted = written.quote != 0;
    node.folded = written.folded;
    node.length = written.length;
    node.text = value;
    add(std::move(node), anchor, at);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    start(Node::Kind::list, mark, tag, anchor, style);
  }
  void OnSequenceEnd() override { end(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    start(Node::Kind::map, mark, tag, anchor, style);
  }
  void OnMapEnd() override { end(); }

 private:
  std::size_t offset(const YAML::Mark& mark) const {
    return std::min(begin_ + static_cast<std::size_t>(std::max(mark.pos, 0)), source_.text().size());
  }
  bool expects_key() const {
    return !open_.empty() && open_.back().node.kind == Node::Kind::map && !open_.back().has_key;
  }
  Node here(std::size_t at) const {
    Node node;
    node.source = &source_;
    node.offset = at;
    node.length = 1;
    return node;
  }
  [[noreturn]] void stop(std::size_t at, std::size_t length, std::string message,
                         std::vector<std::string> help) {
    findings_.text(source_, at, length, std::move(message), std::move(help));
    throw Stop{};
  }

  void count(std::size_t values, std::size_t at) {
    values_ += values;
    if (values_ > most_values)
      stop(at, 1, fmt::format("more than {} values", most_values),
           {"aliases count as often as they are used"});
  }
  void check_tag(const std::string& tag, std::size_t at) {
    const bool written = source_.text().compare(at, 1, "!") == 0;
    if (tag.empty() || tag == "?" || (tag == "!" && !written)) return;
    const std::size_t end = source_.text().find_first_of(" \t\r\n,[]{}", at);
    findings_.text(source_, at, std::min(end, source_.text().size()) - at, "tags are not taken",
                   {"values are typed by the option that reads them; text that begins with ! is quoted"});
  }
  /// A word in a block map without the ':' that would make it a key.
  void check_colon(std::size_t at) {
    if (open_.empty() || !open_.back().has_key || open_.back().flow || open_.back().key_mark != at) return;
    const Node& key = open_.back().key;
    if (source_.text().compare(at, 1, "?") == 0 || colon_follows(source_.text(), key.offset + key.length))
      return;
    const std::size_t colon = key.text.find(':');
    std::vector<std::string> help = {
        "an option is written 'name: value'; an item of a list begins with '- '"};
    if (colon != std::string::npos && colon > 0)
      help = {fmt::format("put a space after the colon: {}: {}", key.text.substr(0, colon),
                          key.text.substr(colon + 1))};
    findings_.name(key, fmt::format("no ': ' after {}", quote(key.text)), std::move(help));
    told_ = true;
  }

  void start(Node::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
             YAML::EmitterStyle::value style) {
    const std::size_t at = offset(mark);
    check_tag(tag, at);
    if (open_.size() >= most_levels)
      stop(at, 1, fmt::format("nested deeper than {} levels", most_levels), {});
    Open open;
    open.node = here(at);
    open.node.kind = kind;
    open.anchor = anchor;
    open.flow = style == YAML::EmitterStyle::Flow;
    open_.push_back(std::move(open));
  }
  void end() {
    Open open = std::move(open_.back());
    open_.pop_back();
    const std::size_t at = open.node.offset;
    add(std::move(open.node), open.anchor, at);
  }

  void add(Node node, YAML::anchor_t anchor, std::size_t mark) {
    count(1, node.offset);
    if (anchor != 0) {
      count(values_in(node), node.offset);
      anchors_[anchor] = node;
    }
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& open = open_.back();
    if (open.node.kind == Node::Kind::list) {
      open.node.items.push_back(std::move(node));
    } else if (!open.has_key) {
      open.key = std::move(node);
      open.key_mark = mark;
      open.has_key = true;
    } else {
      open.has_key = false;
      add_field(open, std::move(node));
    }
  }
  void add_field(Open& open, Node value) {
    Node& key = open.key;
    if (std::exchange(told_, false)) return;
    if (key.kind != Node::Kind::scalar) {
      const bool braces = key.kind == Node::Kind::map && source_.text().compare(key.offset, 1, "{") == 0;
      findings_.name(key, key.kind == Node::Kind::empty ? "no name before this ':'" : "a key is a word",
                     braces ? Findings::Help{"text in braces is quoted: '{...}'"} : Findings::Help{});
      return;
    }
    if (key.is_word("<<")) {
      findings_.name(key, "merging with << is not taken",
                     {"write the keys out; an alias for a whole value works"});
      return;
    }
    if (is_decimal_comma(open, value)) {
      Node& number = open.node.fields.back().value;
      number.text += "," + key.text;
      number.length += 1 + key.length;
      return;
    }
    const auto [first, fresh] = open.seen.try_emplace(key.text, open.node.fields.size());
    if (!fresh) {
      const Place before = open.node.fields[first->second].key.place();
      findings_.name(key, fmt::format("{} is written twice", quote(key.text)),
                     {fmt::format("the first is in line {}; keep one", before.line)});
      return;
    }
    open.node.fields.push_back({std::move(key), std::move(value)});
  }

  /// `{rate: 0,003}` reads as rate: 0 and a key 003: kept together, for the option to complain of.
  static bool is_decimal_comma(const Open& open, const Node& value) {
    if (!open.flow || open.node.fields.empty() || value.kind != Node::Kind::empty) return false;
    const Node& before = open.node.fields.back().value;
    const auto digits = [](const Node& node) {
      return node.kind == Node::Kind::scalar && !node.quoted &&
             node.text.find_first_not_of("-0123456789") == std::string::npos;
    };
    return digits(before) && digits(open.key) && before.offset + before.length + 1 == open.key.offset;
  }

  const Source& source_;
  std::size_t begin_;
  Findings& findings_;
  Node root_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Node> anchors_;  // of values that have ended
  std::size_t values_ = 0;
  int documents_ = 0;
  bool told_ = false;  // the field about to end is wrong already
};

}  // namespace

std::optional<Node> parse_yaml(const Source& source, std::size_t begin, Findings& findings) {
  std::istringstream in(source.text().substr(begin));
  TreeBuilder builder(source, begin, findings);
  try {
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Stop&) {
    return std::nullopt;
  } catch (const YAML::Exception& error) {
    const auto mark = static_cast<std::size_t>(std::max(error.mark.pos, 0));
    explain_syntax(source, begin, begin + mark, error.msg, builder.open_flow(), findings);
    return std::nullopt;
  }
  return builder.take();
}

}  // namespace bpnet::spec
