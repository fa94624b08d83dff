#pragma once
// A tree of nodes as JSON and back.

#include <nlohmann/json_fwd.hpp>

#include "spec/node.hpp"

namespace bpnet::spec {

/// Off is null. Maps with keys of the user's (columns, classes, stacks) keep their order: [[key, value],
/// ...].
nlohmann::json to_json(const Node& node);
Node from_json(const nlohmann::json& value);

}  // namespace bpnet::spec
