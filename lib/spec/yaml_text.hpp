#pragma once
// A tree of nodes as YAML text.

#include <string>

#include "spec/node.hpp"

namespace bpnet::spec {

/// The whole tree, sections and lists in block style, what fits in a line in flow style. Reads back as the
/// same tree.
std::string block_text(const Node& node);
/// In one line.
std::string flow_text(const Node& node);

}  // namespace bpnet::spec
