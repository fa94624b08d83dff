#pragma once
// Category codes to learnt vectors: in i32 (codes), out (codes * units).

#include "layers/layer.hpp"

namespace bpnet {

struct Embedding : Layer {
  std::int64_t units = 0;
  Choice initialiser;  // none: normal
  std::string tied;    // name of another embedding whose vectors these are; "": own ones
  std::string weight;  // its path

  Embedding();
  explicit Embedding(int width);
  void visit(Visitor& v) override;
  Plan plan(std::span<const Port> in) const override;
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode mode) const override;
  int add_to(Builder& builder, int in) const override;
};

}  // namespace bpnet
