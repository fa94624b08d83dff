#pragma once
// What layers share that only change a row's shape.

#include "layers/numbers.hpp"
#include "math/elements.hpp"

namespace bpnet {

class CopyPass final : public Pass {
 public:
  explicit CopyPass(std::size_t elements) : elements_(elements) {}
  void forward(const Lent& lent) override { copy(lent.in[0].reals(), lent.out[0].reals()); }
  void backward(const Lent& lent) override {
    if (lent.din[0]) copy(lent.dout[0].reals(), lent.din[0].reals());
  }

 private:
  void copy(const Real* from, Real* to) const {
    if (from != to) math::copy(from, elements_, to);
  }
  std::size_t elements_;
};

/// A plan whose output is the input under a shape that is to be set.
inline Plan copy_plan(const Port& in) {
  require_numbers(in);
  Plan plan;
  plan.out = {in};
  plan.out[0].features.reset();
  plan.in_place = true;
  return plan;
}

inline std::unique_ptr<Pass> copy_pass(const Port& in, Batch batch) {
  return std::make_unique<CopyPass>(in.shape.elements() * static_cast<std::size_t>(batch.rows()));
}

/// Passes on what comes: stands where a layer was that another one computes with its own.
struct PassOn final : Layer {
  bool learns() const override { return false; }
  Plan plan(std::span<const Port> in) const override {
    Plan plan;
    plan.out = {in[0]};
    plan.in_place = true;
    return plan;
  }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode) const override {
    return copy_pass(in[0], batch);
  }
};

}  // namespace bpnet
