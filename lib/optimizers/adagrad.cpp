#include <cmath>

#include "optimizers/ranges.hpp"
#include "spec/table.hpp"

namespace bpnet::optimizer_entries {

namespace {

struct Adagrad {
  Real rate, decay, scale, start, epsilon;
  void operator()(Real& w, Real g, Real (&s)[1]) const {
    const Real slope = scale * g + decay * w;
    s[0] += slope * slope;
    w -= rate * slope / (std::sqrt(start + s[0]) + epsilon);
  }
};

/// Duchi, Hazan and Singer 2011; equals PyTorch's Adagrad.
struct AdagradOptimizer final : Optimizer {
  double rate_decay = 0, initial_sum = 0, epsilon = 1e-10, weight_decay = 0;

  AdagradOptimizer() { learning_rate = 0.01; }
  void visit(Visitor& v) override {
    v("learning_rate", learning_rate, above(0), "length of a step");
    v("rate_decay", rate_decay, at_least(0), "the rate is divided by 1 + this times the steps done");
    v("initial_sum", initial_sum, at_least(0), "what the sums of squares begin with");
    v("epsilon", epsilon, above(0), "added to the root of that sum");
    v("weight_decay", weight_decay, at_least(0),
      "pull towards zero, added to the gradient; not on biases, norms");
  }
  std::vector<std::string> arrays() const override { return {"sum"}; }
  void step(const Weights& weights, std::span<Real> state, const Rates& rates, const Evaluate&) override {
    const double slower = 1 + static_cast<double>(rates.step - 1) * rate_decay;
    update_ranges<1>(weights, state, learning_rate * rates.factor, weight_decay, [&](const UpdateRange& r) {
      return Adagrad{static_cast<Real>(r.learning_rate / slower), static_cast<Real>(r.weight_decay),
                     static_cast<Real>(rates.gradient_scale), static_cast<Real>(initial_sum),
                     static_cast<Real>(epsilon)};
    });
  }
};

}  // namespace

extern const Entry adagrad = {"adagrad",
                              "steps divided by the root of all squared gradients so far",
                              "Adagrad AdaGrad ada_grad",
                              "adagrad: 0.05",
                              "",
                              make<AdagradOptimizer>};

}  // namespace bpnet::optimizer_entries
