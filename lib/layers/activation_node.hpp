#pragma once
// The activation that a layer takes as an option, as a node of its own.

#include "layers/layer.hpp"

namespace bpnet {

/// Puts `activation`, if there is one, behind `node`. Throws Misfit if it is a block.
inline int add_activation(Builder& builder, const Choice& activation, int node) {
  if (!activation) return node;
  const auto behind = activation.as<Layer>();
  if (!behind)
    throw Misfit{"activation '" + activation.name() + "' is a block of layers",
                 {"put it behind the layer as an item of its own"}};
  return builder.add(activation.name(), behind, {node});
}

}  // namespace bpnet
