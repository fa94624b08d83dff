#pragma once
// Attention as nodes: a dense layer makes queries, keys and values side by side, AttentionHeads lets queries
// look at keys, another dense layer puts the heads together.

#include <optional>

#include "layers/layer.hpp"

namespace bpnet {

/// Reads (queries | keys | values) of a sequence; or, with a second input, queries from the first and (keys |
/// values) of a memory with a time axis of its own from the second.
struct AttentionHeads final : Layer {
  int heads = 1, key_heads = 1;
  bool causal = false, rotary = false;
  double dropout = 0;

  const char* kind() const override { return "heads"; }
  void visit(Visitor&) override {}
  Plan plan(std::span<const Port> in) const override;
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode mode) const override;
};

/// Options of self and cross attention, and of the attention in a transformer.
struct AttentionOptions {
  std::int64_t heads = 1;
  std::optional<std::int64_t> key_heads;
  bool causal = false, rotary = false, bias = true;
  double dropout = 0;

  void visit(Visitor& v);
  std::shared_ptr<AttentionHeads> layer() const;
  /// Throws Misfit if `width` cannot be cut into these heads.
  void check(int width) const;
};

/// Nodes of attention over the steps of node `in`, each name behind `scope` ("attention."); as wide as `in`.
/// Returns the last.
int add_attention(Builder& builder, const std::string& scope, const AttentionOptions& options, int in);
/// The same with queries from `in`, and keys and values from the steps of `memory`, which are computed once
/// where text is generated.
int add_cross_attention(Builder& builder, const std::string& scope, const AttentionOptions& options, int in,
                        int memory);

}  // namespace bpnet
