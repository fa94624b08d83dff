#pragma once
// A dense layer for each feature, and what blocks on features share.

#include <optional>

#include "layers/layer.hpp"

namespace bpnet {

/// Features side by side, (columns), to `units` numbers each: (features * units), or as tokens (features,
/// units), to which a learnt one may be added in front. Weights (columns, units), of the former, whose
/// features are all as wide, (features, columns of one, units); bias (features, units).
struct FeatureDense final : Layer {
  std::vector<int> ends;  // of the features' columns
  int units;
  bool tokens = false, class_token = false;
  FeatureDense(const std::vector<int>& widths, int wide);
  Plan plan(std::span<const Port> in) const override;
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode mode) const override;
};

/// What the columns of a port say. Throws Misfit unless it is numbers on one axis.
Features features_of(const Port& port);

/// Blocks that make several numbers of each number of their input and hand everything else on behind them.
struct NumberEmbedding : Element {
  std::optional<std::int64_t> units = 8;
  Choice activation;

  NumberEmbedding();
  int add_to(Builder& builder, int in) const final;

 protected:
  void visit_units(Visitor& v);
  /// The layer from (numbers) to (numbers * expansion()).
  virtual std::shared_ptr<const Layer> encoder() const = 0;
  virtual int expansion() const = 0;
};

}  // namespace bpnet
