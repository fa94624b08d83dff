#include <cmath>

#include "optimizers/ranges.hpp"
#include "spec/table.hpp"

namespace bpnet::optimizer_entries {

namespace {

struct Adadelta {
  Real rate, decay, scale, rho, epsilon;
  void operator()(Real& w, Real g, Real (&s)[2]) const {
    const Real slope = scale * g + decay * w;
    s[0] = rho * s[0] + (1 - rho) * slope * slope;
    const Real move = slope * (std::sqrt(s[1] + epsilon) / std::sqrt(s[0] + epsilon));
    s[1] = rho * s[1] + (1 - rho) * move * move;
    w -= rate * move;
  }
};

/// Zeiler 2012; equals PyTorch's Adadelta.
struct AdadeltaOptimizer final : Optimizer {
  double rho = 0.9, epsilon = 1e-6, weight_decay = 0;

  AdadeltaOptimizer() { learning_rate = 1; }
  void visit(Visitor& v) override {
    v("learning_rate", learning_rate, above(0), "factor on the steps, whose length finds itself");
    v("rho", rho, share_below_one(), "share of the running means of squares that is kept each step");
    v("epsilon", epsilon, above(0), "added to both means; the first steps grow with its root");
    v("weight_decay", weight_decay, at_least(0),
      "pull towards zero, added to the gradient; not on biases, norms");
  }
  std::vector<std::string> arrays() const override { return {"gradients", "steps"}; }
  void step(const Weights& weights, std::span<Real> state, const Rates& rates, const Evaluate&) override {
    update_ranges<2>(weights, state, learning_rate * rates.factor, weight_decay, [&](const UpdateRange& r) {
      return Adadelta{static_cast<Real>(r.learning_rate), static_cast<Real>(r.weight_decay),
                      static_cast<Real>(rates.gradient_scale), static_cast<Real>(rho),
                      static_cast<Real>(epsilon)};
    });
  }
};

}  // namespace

extern const Entry adadelta = {"adadelta",
                               "steps as large as the last ones were, divided by the size of the gradient",
                               "Adadelta AdaDelta ada_delta",
                               "adadelta: {learning_rate: 1, rho: 0.95}",
                               "",
                               make<AdadeltaOptimizer>};

}  // namespace bpnet::optimizer_entries
