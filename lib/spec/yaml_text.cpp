#include "spec/yaml_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bpnet::spec {

namespace {

constexpr std::size_t widest = 110;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Characters that only double quotes can carry: controls, and the line ends of Unicode.
bool needs_escapes(std::string_view text) {
  if (std::any_of(text.begin(), text.end(),
                  [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }))
    return true;
  for (std::size_t i = 0; i + 1 < text.size(); ++i)
    if (text[i] == '\xC2' && static_cast<unsigned char>(text[i + 1]) < 0xA0) return true;
  return text.find("\xE2\x80\xA8") != std::string_view::npos ||
         text.find("\xE2\x80\xA9") != std::string_view::npos ||
         text.find("\xEF\xBB\xBF") != std::string_view::npos;
}

/// A text that no reader takes for anything else.
bool is_plain(std::string_view text) {
  if (text.empty() || text.size() > 200) return false;
  const bool path = text.starts_with("./") || text.starts_with("../") || text[0] == '/';
  if (!is_letter(text[0]) && text[0] != '_' && !path) return false;
  for (const char c : text)
    if (!is_letter(c) && !is_digit(c) && std::string_view("_-./+").find(c) == std::string_view::npos)
      return false;
  std::string word(text);
  for (char& c : word)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  constexpr std::string_view taken[] = {"true", "false", "yes",  "no",   "on",  "off", "y",
                                        "n",    "null",  "none", "auto", "all", "nan", "inf"};
  return std::find(std::begin(taken), std::end(taken), word) == std::end(taken);
}

std::string escaped(std::string_view text) {
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto starts = [&](std::string_view s) { return text.substr(i).starts_with(s); };
    if (text[i] == '"' || text[i] == '\\') {
      out += '\\';
      out += text[i];
    } else if (text[i] == '\n') {
      out += "\\n";
    } else if (text[i] == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\x{:02x}", byte);
    } else if (byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[++i]));
    } else if (starts("\xE2\x80\xA8") || starts("\xE2\x80\xA9") || starts("\xEF\xBB\xBF")) {
      out += starts("\xEF") ? "\\uFEFF" : starts("\xE2\x80\xA8") ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out + "\"";
}

std::string scalar_text(const Node& node) {
  if (!node.quoted || is_plain(node.text)) return node.text;
  if (needs_escapes(node.text)) return escaped(node.text);
  std::string out = "'";
  for (const char c : node.text) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + "'";
}

/// A list of words or numbers, or a map of them, that a line holds.
bool in_line(const Node& node, std::size_t indent) {
  if (node.kind != Node::Kind::list && node.kind != Node::Kind::map) return true;
  return node.items.size() + node.fields.size() == 0 || indent + flow_text(node).size() <= widest;
}

class Writer {
 public:
  std::string run(const Node& node) {
    map(node, 0);
    return std::move(out_);
  }

 private:
  void map(const Node& node, std::size_t indent) {
    for (const Field& field : node.fields) {
      out_.append(indent, ' ');
      entry(field, indent);
    }
  }
  void entry(const Field& field, std::size_t indent) {
    const std::string key = scalar_text(field.key) + ":";
    out_ += key;
    const Node& value = field.value;
    const bool has_maps = std::any_of(value.items.begin(), value.items.end(),
                                      [](const Node& n) { return n.kind == Node::Kind::map; });
    const bool section =
        indent == 0 && ((value.kind == Node::Kind::map && !value.fields.empty()) || has_maps);
    if (!section && in_line(value, indent + key.size() + 1)) {
      out_ += value.kind == Node::Kind::empty ? "\n" : " " + flow_text(value) + "\n";
      return;
    }
    out_ += "\n";
    if (value.kind == Node::Kind::map) return map(value, indent + 2);
    for (const Node& item : value.items) list_item(item, indent + 2);
  }
  void list_item(const Node& item, std::size_t indent) {
    out_.append(indent, ' ');
    out_ += "- ";
    if (in_line(item, indent + 2) || item.kind == Node::Kind::list) {
      if (item.kind == Node::Kind::map && item.fields.size() == 1)
        out_ += scalar_text(item.fields[0].key) + ": " + flow_text(item.fields[0].value) + "\n";
      else
        out_ += flow_text(item) + "\n";
      return;
    }
    for (std::size_t i = 0; i < item.fields.size(); ++i) {
      if (i > 0) out_.append(indent + 2, ' ');
      entry(item.fields[i], indent + 2);
    }
  }
  std::string out_;
};

}  // namespace

std::string flow_text(const Node& node) {
  std::string out;
  switch (node.kind) {
    case Node::Kind::empty:
      return "";
    case Node::Kind::off:
      return node.text;
    case Node::Kind::scalar:
      return scalar_text(node);
    case Node::Kind::list:
      for (const Node& item : node.items) out += (out.empty() ? "" : ", ") + flow_text(item);
      return "[" + out + "]";
    case Node::Kind::map:
      for (const Field& field : node.fields)
        out += (out.empty() ? "" : ", ") + scalar_text(field.key) + ": " + flow_text(field.value);
      return "{" + out + "}";
  }
  return out;
}

std::string block_text(const Node& node) { return Writer().run(node); }

}  // namespace bpnet::spec
