#pragma once
// What rnn, lstm and gru share: options, and the nodes they stand for, one for each layer and direction.

#include "layers/layer.hpp"
#include "math/recurrent.hpp"

namespace bpnet {

/// First values as PyTorch draws them: uniform between -1 and 1 over the root of the units. Those of gate
/// `raised`, if any, are moved up.
struct GateInitialiser final : Initialiser {
  int units = 1, raised = -1;
  double by = 0;
  void visit(Visitor&) override {}
  void fill(std::span<Real> values, const Shape& shape, int fan_in, int fan_out, Draw draw) const override;
};

/// One layer in one direction.
struct RecurrentLayer final : Layer {
  math::Cell cell;
  int units;
  bool bias = true, reverse = false, last = false;
  std::string suffix;  // of the parameters' names: "_l0", "_l1_reverse"
  GateInitialiser weights, biases;

  RecurrentLayer(math::Cell kind_of_cell, int wide);
  void visit(Visitor&) override {}
  Plan plan(std::span<const Port> in) const override;
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode mode) const override;
};

struct RecurrentBlock : Element {
  enum class Output : std::uint8_t { all, last };
  std::int64_t units = 0, depth = 1;
  bool bidirectional = false, bias = true;
  double dropout = 0;
  Output output = Output::all;

  void visit(Visitor& v) override;
  int add_to(Builder& builder, int in) const override;

 protected:
  virtual math::Cell cell() const = 0;
  /// What is added to the first biases of the forget gate.
  virtual double raised() const { return 0; }
};

}  // namespace bpnet
