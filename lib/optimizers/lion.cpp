#include "optimizers/ranges.hpp"
#include "spec/table.hpp"

namespace bpnet::optimizer_entries {

namespace {

struct Lion {
  Real rate, stays, scale, beta1, beta2;
  void operator()(Real& w, Real g, Real (&s)[1]) const {
    const Real slope = scale * g;
    const Real direction = beta1 * s[0] + (1 - beta1) * slope;
    const Real sign = direction > 0 ? Real{1} : direction < 0 ? Real{-1} : Real{0};
    w = stays * w - rate * sign;
    s[0] = beta2 * s[0] + (1 - beta2) * slope;
  }
};

/// Chen et al. 2023, "Symbolic discovery of optimization algorithms", algorithm 2.
struct LionOptimizer final : Optimizer {
  double beta1 = 0.9, beta2 = 0.99, weight_decay = 0;

  LionOptimizer() { learning_rate = 0.0001; }
  void visit(Visitor& v) override {
    v("learning_rate", learning_rate, above(0), "length of every step; a third to a tenth of adam's");
    v("beta1", beta1, share_below_one(), "share of the running mean in the direction of a step");
    v("beta2", beta2, share_below_one(), "share of the running mean that is kept each step");
    v("weight_decay", weight_decay, at_least(0),
      "share of a weight lost each step, times the learning rate; not on biases, norms");
  }
  std::vector<std::string> arrays() const override { return {"m"}; }
  void step(const Weights& weights, std::span<Real> state, const Rates& rates, const Evaluate&) override {
    update_ranges<1>(weights, state, learning_rate * rates.factor, weight_decay, [&](const UpdateRange& r) {
      return Lion{static_cast<Real>(r.learning_rate), static_cast<Real>(1 - r.learning_rate * r.weight_decay),
                  static_cast<Real>(rates.gradient_scale), static_cast<Real>(beta1),
                  static_cast<Real>(beta2)};
    });
  }
};

}  // namespace

extern const Entry lion = {"lion",
                           "steps of one length by the sign of the mean gradient",
                           "Lion EvoLved sign_momentum",
                           "lion: {learning_rate: 0.001, weight_decay: 0.1}",
                           "",
                           make<LionOptimizer>};

}  // namespace bpnet::optimizer_entries
