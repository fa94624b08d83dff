#pragma once
// What layers share that change numbers by chance in training and pass them on otherwise.

#include <memory>
#include <span>

#include "layers/numbers.hpp"
#include "math/elements.hpp"

namespace bpnet {

struct Noise : Layer {
  bool learns() const override { return false; }
  Plan plan(std::span<const Port> in) const override {
    require_numbers(in[0]);
    Plan plan;
    plan.out = {in[0]};
    plan.in_place = true;
    plan.draws = true;
    return plan;
  }
};

/// Change: forward(lent, width, in, out) and backward(lent, width, dout, din), where width is of one sample,
/// and in and out may be the same.
template <class Change>
class NoisePass final : public Pass {
 public:
  NoisePass(std::size_t width, Batch batch, bool changes, Change change)
      : width_(width),
        elements_(width * static_cast<std::size_t>(batch.samples)),
        changes_(changes),
        change_(change) {}
  void forward(const Lent& lent) override {
    const Real* in = lent.in[0].reals();
    Real* out = lent.out[0].reals();
    if (changes_)
      change_.forward(lent, width_, in, out);
    else
      pass_on(in, out);
  }
  void backward(const Lent& lent) override {
    if (!lent.din[0]) return;
    const Real* dout = lent.dout[0].reals();
    Real* din = lent.din[0].reals();
    if (changes_)
      change_.backward(lent, width_, dout, din);
    else
      pass_on(dout, din);
  }

 private:
  void pass_on(const Real* from, Real* to) const {
    if (from != to) math::copy(from, elements_, to);
  }
  std::size_t width_, elements_;  // of one sample, of the batch
  bool changes_;
  Change change_;
};

/// `there`: whether there is anything to change in training.
template <class Change>
std::unique_ptr<Pass> noise_pass(std::span<const Port> in, Batch batch, Mode mode, bool there,
                                 Change change) {
  return std::make_unique<NoisePass<Change>>(in[0].shape.elements() * static_cast<std::size_t>(batch.steps),
                                             batch, mode == Mode::training && there, change);
}

}  // namespace bpnet
