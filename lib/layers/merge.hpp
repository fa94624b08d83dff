#pragma once
// Layers that blocks and stacks with several inputs put in, to join and to cut; a list cannot name them.

#include "layers/layer.hpp"

namespace bpnet {

/// Sum of inputs of one shape.
struct Add final : Layer {
  const char* kind() const override { return "add"; }
  Plan plan(std::span<const Port> in) const override;
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode mode) const override;
};

/// Product of two inputs of one shape.
struct Multiply final : Layer {
  const char* kind() const override { return "multiply"; }
  Plan plan(std::span<const Port> in) const override;
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode mode) const override;
};

/// An image (height, width, channels) whose channels are scaled by the second input (channels).
struct ScaleChannels final : Layer {
  const char* kind() const override { return "scale_channels"; }
  Plan plan(std::span<const Port> in) const override;
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode mode) const override;
};

/// The columns from .. from + width - 1 of the last axis.
struct Slice final : Layer {
  const char* kind() const override { return "slice"; }
  int from, width;
  Slice(int first, int count) : from(first), width(count) {}
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
