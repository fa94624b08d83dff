#include <cmath>

#include "layers/noise.hpp"

namespace bpnet::layer_entries {

namespace {

struct AlphaDrop {
  double rate;
  math::Dropped dropped;

  explicit AlphaDrop(double share) : rate(share) {
    // SELU's value far below zero, and the straight line that gives back mean 0 and variance 1.
    constexpr double low = -1.7580993408473766;
    const double factor = 1 / std::sqrt((1 - rate) * (1 + rate * low * low));
    dropped = {static_cast<Real>(factor * low * (1 - rate)), static_cast<Real>(factor),
               static_cast<Real>(-factor * rate * low)};
  }
  void forward(const Lent& lent, std::size_t width, const Real* in, Real* out) const {
    math::dropout(in, lent.samples, width, rate, lent.random, dropped, out);
  }
  void backward(const Lent& lent, std::size_t width, const Real* dout, Real* din) const {
    math::dropout(dout, lent.samples, width, rate, lent.random, {0, dropped.factor, 0}, din);
  }
};

/// Klambauer, Unterthiner, Mayr, Hochreiter 2017.
struct AlphaDropout final : Noise {
  double share = 0.1;

  void visit(Visitor& v) override {
    v("rate", share, share_below_one(), "share of the elements set to selu's lowest value in training");
  }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode mode) const override {
    return noise_pass(in, batch, mode, share > 0, AlphaDrop(share));
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
