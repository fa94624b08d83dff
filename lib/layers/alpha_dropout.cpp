#include <cmath>

#include "layers/layer.hpp"
#include "math/elements.hpp"

namespace bpnet::layer_entries {

namespace {

class AlphaDropoutPass final : public Pass {
 public:
  AlphaDropoutPass(std::size_t width, Batch batch, double rate, bool training)
      : width_(width),
        elements_(width * static_cast<std::size_t>(batch.samples)),
        rate_(rate),
        training_(training) {
    // SELU's value far below zero, and the straight line that gives back mean 0 and variance 1.
    constexpr double low = -1.7580993408473766;
    const double factor = 1 / std::sqrt((1 - rate) * (1 + rate * low * low));
    forward_ = {static_cast<Real>(factor * low * (1 - rate)), static_cast<Real>(factor),
                static_cast<Real>(-factor * rate * low)};
  }
  void forward(const Lent& lent) override { run(lent, lent.in[0].reals(), forward_, lent.out[0].reals()); }
  void backward(const Lent& lent) override {
    if (lent.din[0]) run(lent, lent.dout[0].reals(), {0, forward_.factor, 0}, lent.din[0].reals());
  }

 private:
  void run(const Lent& lent, const Real* in, const math::Dropped& dropped, Real* out) const {
    if (training_)
      math::dropout(in, lent.samples, width_, rate_, lent.random, dropped, out);
    else if (in != out)
      math::copy(in, elements_, out);
  }
  std::size_t width_, elements_;  // of one sample, of the batch
  double rate_;
  bool training_;
  math::Dropped forward_;
};

/// Klambauer, Unterthiner, Mayr, Hochreiter 2017.
struct AlphaDropout final : Layer {
  double share = 0.1;

  bool learns() const override { return false; }
  void visit(Visitor& v) override {
    v("rate", share, share_below_one(), "share of the elements set to selu's lowest value in training");
  }
  Plan plan(std::span<const Port> in) const override {
    Plan plan;
    plan.out = {in[0]};
    plan.in_place = true;
    plan.draws = true;
    return plan;
  }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode mode) const override {
    return std::make_unique<AlphaDropoutPass>(in[0].shape.elements() * static_cast<std::size_t>(batch.steps),
                                              batch, share, mode == Mode::training && share > 0);
  }
};

}  // namespace

extern const Entry alpha_dropout = {"alpha_dropout",
                                    "dropout that keeps mean 0 and variance 1, behind selu",
                                    "AlphaDropout FeatureAlphaDropout",
                                    "alpha_dropout: 0.2",
                                    "7",
                                    make<AlphaDropout>};

}  // namespace bpnet::layer_entries
