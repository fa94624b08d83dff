#pragma once
// --set KEY=VALUE: changes the tree before it is bound.

#include "spec/findings.hpp"
#include "spec/info.hpp"

namespace bpnet::spec {

/// Applies the override that `source` holds. `infos` describe the settings, so that a position, a layer's
/// name or a choice in the key is known for what it is.
void apply_override(Node& tree, const std::vector<Info>& infos, const Source& source, Findings& findings);

}  // namespace bpnet::spec
