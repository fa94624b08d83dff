#pragma once
// A dense layer whose weight is an embedding's, read the other way: out = in * weight^T + bias (Press and
// Wolf 2017).

#include "layers/layer.hpp"

namespace bpnet {

struct TiedDense : Layer {
  std::string weight;  // path of the embedding's, "main.tokens.weight"
  Shape shape;         // of it: (classes, units)
  bool bias = true;

  void visit(Visitor&) override {}
  Plan plan(std::span<const Port> in) const override;
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode mode) const override;
};

/// One that shares the weight of the embedding of this name; throws Misfit if the model has none before, or
/// if it does not have `width` vectors.
std::shared_ptr<const TiedDense> tied_to(const Builder& builder, const std::string& name, int width,
                                         bool bias);

}  // namespace bpnet
