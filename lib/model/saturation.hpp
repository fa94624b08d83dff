#pragma once
// Stacks whose gradients vanish: too many saturating activations behind one another.

#include <optional>

#include "model/graph.hpp"

namespace bpnet {

/// A warning if more than 5 activations that flatten out on both sides follow one another, and nothing among
/// them keeps gradients up: a normalisation, a residual, a gate.
std::optional<Problem> saturation(const Graph& graph);

}  // namespace bpnet
