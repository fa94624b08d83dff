#include "optimizers/ranges.hpp"
#include "spec/table.hpp"

namespace bpnet::optimizer_entries {

namespace {

struct Descent {
  Real rate, decay, scale;
  void operator()(Real& w, Real g, Real (&)[1]) const { w -= rate * (scale * g + decay * w); }
};

struct HeavyBall {
  Real rate, decay, scale, momentum;
  void operator()(Real& w, Real g, Real (&s)[1]) const {
    s[0] = momentum * s[0] + (scale * g + decay * w);
    w -= rate * s[0];
  }
};

struct Nesterov {
  Real rate, decay, scale, momentum;
  void operator()(Real& w, Real g, Real (&s)[1]) const {
    const Real slope = scale * g + decay * w;
    s[0] = momentum * s[0] + slope;
    w -= rate * (slope + momentum * s[0]);
  }
};

/// Equals PyTorch's SGD without dampening; weight decay adds to the gradient.
struct Sgd final : Optimizer {
  double momentum = 0, weight_decay = 0;
  bool nesterov = false;

  Sgd() { learning_rate = 0.01; }
  void visit(Visitor& v) override {
    v("learning_rate", learning_rate, above(0), "length of a step along the gradient");
    v("momentum", momentum, share_below_one(), "share of the last step that is made again");
    v("nesterov", nesterov, "look ahead by the momentum (Nesterov 1983)");
    v("weight_decay", weight_decay, at_least(0),
      "pull towards zero, added to the gradient; not on biases, norms");
  }
  Objection objection(const Practice&) const override {
    if (!nesterov || momentum > 0) return {};
    return {"nesterov looks ahead by the momentum, and that is 0", "sgd: {momentum: 0.9, nesterov: true}"};
  }
  std::vector<std::string> arrays() const override {
    if (momentum > 0) return {"momentum"};
    return {};
  }
  void step(const Weights& weights, std::span<Real> state, const Rates& rates, const Evaluate&) override {
    const auto scale = static_cast<Real>(rates.gradient_scale), keep = static_cast<Real>(momentum);
    const auto run = [&]<std::size_t states>(auto make) {
      update_ranges<states>(
          weights, state, learning_rate * rates.factor, weight_decay, [&](const UpdateRange& r) {
            return make(static_cast<Real>(r.learning_rate), static_cast<Real>(r.weight_decay));
          });
    };
    if (momentum <= 0)
      run.template operator()<0>([&](Real rate, Real decay) { return Descent{rate, decay, scale}; });
    else if (nesterov)
      run.template operator()<1>([&](Real rate, Real decay) { return Nesterov{rate, decay, scale, keep}; });
    else
      run.template operator()<1>([&](Real rate, Real decay) { return HeavyBall{rate, decay, scale, keep}; });
  }
};

}  // namespace

extern const Entry sgd = {"sgd",
                          "stochastic gradient descent, with momentum if wanted",
                          "SGD GradientDescent gradient_descent momentum nesterov ASGD noisy_sgd",
                          "sgd: {learning_rate: 0.1, momentum: 0.9, nesterov: true}",
                          "",
                          make<Sgd>};

}  // namespace bpnet::optimizer_entries
