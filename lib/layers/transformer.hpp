#pragma once
// A stack of Transformer layers (Vaswani and others 2017) as nodes, with parameters named as in PyTorch's
// TransformerEncoderLayer.

#include "layers/attention.hpp"

namespace bpnet {

struct TransformerOptions {
  enum class Norm : std::uint8_t { pre, post };
  enum class Activation : std::uint8_t { gelu, gelu_tanh, relu, swiglu };
  std::int64_t depth = 1;
  std::optional<std::int64_t> units, feed_forward;
  double dropout = 0;
  Activation activation = Activation::gelu;
  Norm norm = Norm::pre;
  AttentionOptions attention;  // its dropout is this one's

  void visit(Visitor& v);
};

/// Returns the last node. With `memory` not below 0, each layer looks at the steps of that node too, between
/// attention to its own steps and the feed-forward part.
int add_transformer(Builder& builder, const TransformerOptions& options, int in, int memory = -1);

}  // namespace bpnet
