#pragma once
// A dense layer on a memory, such as an encoder's output, for attention, which keeps what it read: where text
// is generated, it computes in the first call only, and puts out nothing of use in others.

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
