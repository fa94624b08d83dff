#include "spec/node.hpp"

#include <algorithm>
#include <utility>

namespace bpnet::spec {

const Node* Node::find(std::string_view key) const {
  const auto at =
      std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.key.text == key; });
  return at == fields.end() ? nullptr : &at->value;
}

Node* Node::find(std::string_view key) { return const_cast<Node*>(std::as_const(*this).find(key)); }

Node scalar_node(std::string text, bool quoted) {
  Node node;
  node.kind = Node::Kind::scalar;
  node.text = std::move(text);
  node.quoted = quoted;
  return node;
}

std::string join(const std::string& path, std::string_view part) {
  const bool plain = !part.empty() && part.find_first_of(".\"'= ") == std::string_view::npos;
  std::string out = path.empty() ? "" : path + ".";
  return plain ? out.append(part) : out.append("\"").append(part).append("\"");
}

}  // namespace bpnet::spec
