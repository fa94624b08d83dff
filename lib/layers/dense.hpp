#pragma once
// Fully connected layer, on the last axis: out = in * weight + bias.

#include "layers/layer.hpp"

namespace bpnet {

struct Dense : Layer {
  std::int64_t units = 0;
  bool bias = true;
  Choice activation;   // none: identity
  Choice initialiser;  // none: glorot_uniform

  Dense();
  explicit Dense(int width);
  void visit(Visitor& v) override;
  Plan plan(std::span<const Port> in) const override;
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode mode) const override;
  /// The layer, and its activation as a node of its own.
  int add_to(Builder& builder, int in) const override;
};

struct DenseShape {
  int rows = 0, in = 0, units = 0;
  bool bias = true;
  bool transposed = false;  // the weight is (units, in)
};
std::unique_ptr<Pass> dense_pass(const DenseShape& shape, Precision precision, Mode mode);

/// Adds it behind `in`. For members that share weights: one weight, with a scale of inputs and of outputs and
/// a bias for each (BatchEnsemble).
int add_dense(Builder& builder, const std::string& name, std::shared_ptr<const Dense> layer, int in);

}  // namespace bpnet
