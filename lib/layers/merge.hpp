#pragma once
// Layers with several inputs that blocks and stacks with several inputs put in; a list cannot name them.

#include "layers/layer.hpp"

namespace bpnet {

/// Sum of inputs of one shape.
struct Add final : Layer {
  const char* kind() const override { return "add"; }
  Plan plan(std::span<const Port> in) const override;
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode mode) const override;
};

/// Inputs side by side on the last axis.
struct Concat final : Layer {
  const char* kind() const override { return "concat"; }
  Plan plan(std::span<const Port> in) const override;
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode mode) const override;
};

}  // namespace bpnet
