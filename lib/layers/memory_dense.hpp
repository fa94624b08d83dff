#pragma once
// A dense layer on a memory, such as an encoder's output: where text is generated, it computes for the first
// step only and hands on what it kept for the others.

#include "layers/dense.hpp"

namespace bpnet {

struct MemoryDense final : Layer {
  Dense dense;
  explicit MemoryDense(int units) : dense(units) {}
  const char* kind() const override { return "dense"; }
  void visit(Visitor&) override {}
  Plan plan(std::span<const Port> in) const override { return dense.plan(in); }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode mode) const override;
};

}  // namespace bpnet
