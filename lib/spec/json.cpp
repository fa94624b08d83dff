#include "spec/json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "spec/scalars.hpp"

namespace bpnet::spec {

nlohmann::json to_json(const Node& node) {
  switch (node.kind) {
    case Node::Kind::empty:
    case Node::Kind::off:
      return nullptr;
    case Node::Kind::scalar: {
      if (node.quoted) return node.text;
      if (node.text == "true" || node.text == "false") return node.text == "true";
      const auto whole = read_integer(node);
      if (const auto* value = std::get_if<std::int64_t>(&whole)) return *value;
      const auto number = read_number(node);
      if (const auto* value = std::get_if<double>(&number)) return *value;
      return node.text;
    }
    case Node::Kind::list: {
      nlohmann::json out = nlohmann::json::array();
      for (const Node& item : node.items) out.push_back(to_json(item));
      return out;
    }
    case Node::Kind::map: {
      const bool ordered = !node.fields.empty() && node.fields[0].key.quoted;
      nlohmann::json out = ordered ? nlohmann::json::array() : nlohmann::json::object();
      for (const Field& field : node.fields) {
        if (ordered)
          out.push_back({field.key.text, to_json(field.value)});
        else
          out[field.key.text] = to_json(field.value);
      }
      return out;
    }
  }
  return nullptr;
}

namespace {
bool is_ordered_map(const nlohmann::json& value) {
  return value.is_array() && !value.empty() && std::all_of(value.begin(), value.end(), [](const auto& pair) {
           return pair.is_array() && pair.size() == 2 && pair[0].is_string();
         });
}

Node read(const nlohmann::json& value, int levels) {
  if (levels == 0) throw Error(Fault::configuration, "the settings are nested too deeply");
  Node node;
  if (value.is_string()) return scalar_node(value.get<std::string>(), true);
  if (value.is_boolean()) return scalar_node(value.get<bool>() ? "true" : "false", false);
  if (value.is_number_integer()) return scalar_node(value.dump(), false);
  if (value.is_number()) return scalar_node(show(value.get<double>()), false);
  if (is_ordered_map(value)) {
    node.kind = Node::Kind::map;
    for (const auto& pair : value)
      node.fields.push_back({read(pair[0], levels - 1), read(pair[1], levels - 1)});
  } else if (value.is_array()) {
    node.kind = Node::Kind::list;
    for (const auto& item : value) node.items.push_back(read(item, levels - 1));
  } else if (value.is_object()) {
    node.kind = Node::Kind::map;
    for (const auto& [key, inner] : value.items())
      node.fields.push_back({scalar_node(key, true), read(inner, levels - 1)});
  } else {
    node.kind = Node::Kind::off;
  }
  return node;
}

}  // namespace

Node from_json(const nlohmann::json& value) {
  constexpr int most_levels = 200;
  return read(value, most_levels);
}

}  // namespace bpnet::spec
