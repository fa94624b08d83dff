#pragma once
// What convolutions have in common: options, parameters and the pass. An entry sets the axes and the
// direction.

#include "layers/window.hpp"

namespace bpnet {

/// Weights are (groups, height, width, in of a group, out of a group) in memory.
struct ConvolutionLayer : Layer {
  WindowOptions window;
  std::optional<std::int64_t> channels;
  std::int64_t groups = 1, output_padding = 0;
  bool depthwise = false, bias = true;
  bool transposed = false;  // outputs and inputs change places
  Choice activation, initialiser;

  ConvolutionLayer(int axes, bool turned);
  void visit(Visitor& v) override;
  Plan plan(std::span<const Port> in) const override;
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode mode) const override;
  /// Few channels: with a rectifier and a max_pool2d behind it.
  std::shared_ptr<const Layer> fused_with(std::span<const Port> in,
                                          std::span<const Layer* const> next) const override;
  /// The layer, and its activation as a node of its own.
  int add_to(Builder& builder, int in) const override;
};

}  // namespace bpnet
