#pragma once
// Inverted dropout: Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov 2014.

#include "layers/noise.hpp"

namespace bpnet {

struct Dropout final : Noise {
  double share = 0.5;

  Dropout() = default;
  explicit Dropout(double of_all) : share(of_all) {}
  const char* kind() const override { return "dropout"; }
  void visit(Visitor& v) override;
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode mode) const override;
};

/// A dropout of this rate behind `node`, named so; `node` itself if the rate is 0.
inline int add_dropout(Builder& builder, const std::string& name, double rate, int node) {
  return rate > 0 ? builder.add(name, std::make_shared<Dropout>(rate), {node}) : node;
}

}  // namespace bpnet
