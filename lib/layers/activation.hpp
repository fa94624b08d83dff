#pragma once
// Activations: element-wise layers made from a functor (see math/map.hpp) by one line.

#include <memory>

#include "layers/layer.hpp"
#include "math/elements.hpp"
#include "math/map.hpp"

namespace bpnet {

/// F::costly: value and slope share so much work that the slope is found with the value, and kept in place of
/// the input.
template <class F>
concept KeepsSlopes = F::costly;

template <class F>
class ActivationPass final : public Pass {
 public:
  ActivationPass(F f, std::size_t elements, bool backward) : f_(f), elements_(elements) {
    if (KeepsSlopes<F> && backward) saved_bytes = elements * sizeof(Real);
  }
  void forward(const Lent& lent) override {
    if (saved_bytes > 0)
      math::map_with_slopes(f_, lent.in[0].reals(), elements_, lent.out[0].reals(), slopes(lent));
    else
      math::map(f_, lent.in[0].reals(), elements_, lent.out[0].reals());
  }
  void backward(const Lent& lent) override {
    if (!lent.din[0]) return;
    if constexpr (KeepsSlopes<F>)
      math::multiply(lent.dout[0].reals(), slopes(lent), elements_, lent.din[0].reals());
    else
      math::map_backward(f_, F::reads_in ? lent.in[0].reals() : nullptr,
                         F::reads_out ? lent.out[0].reals() : nullptr, lent.dout[0].reals(), elements_,
                         lent.din[0].reals());
  }

 private:
  static Real* slopes(const Lent& lent) { return reinterpret_cast<Real*>(lent.saved); }

  F f_;
  std::size_t elements_;
};

/// The layer of a functor. F may have options: `void visit(Visitor&)`.
template <class F>
struct Activation final : Layer {
  F f;

  bool learns() const override { return false; }
  bool is_relu() const override {
    return requires { F::is_relu; };
  }
  void visit(Visitor& v) override {
    if constexpr (requires { f.visit(v); }) f.visit(v);
  }
  Plan plan(std::span<const Port> in) const override {
    Plan plan;
    plan.out = {in[0]};
    plan.backward_reads_in = F::reads_in && !KeepsSlopes<F>;
    plan.backward_reads_out = F::reads_out && !KeepsSlopes<F>;
    plan.in_place = true;
    return plan;
  }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode mode) const override {
    return std::make_unique<ActivationPass<F>>(
        f, in[0].shape.elements() * static_cast<std::size_t>(batch.rows()),
        mode == Mode::explaining || (mode == Mode::training && batch.backward));
  }
};

/// The table entry of an activation.
template <class F>
constexpr Entry activation(const char* name, const char* description, const char* other_words) {
  return {name, description, other_words, name, "7", make<Activation<F>>};
}

}  // namespace bpnet
