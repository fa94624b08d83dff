#pragma once
// YAML text to a tree of nodes. The subset settings need: one document, no tags, no `<<`, keys that are
// words, at most 100 levels and 100,000 values with aliases expanded.

#include <optional>

#include "spec/findings.hpp"
#include "spec/node.hpp"

namespace bpnet::spec {

/// Parses what begins at byte `begin` of `source`. What is wrong goes to `findings`; nothing is returned when
/// the rest could not be understood. Text without a value gives an empty node.
std::optional<Node> parse_yaml(const Source& source, std::size_t begin, Findings& findings);

}  // namespace bpnet::spec
