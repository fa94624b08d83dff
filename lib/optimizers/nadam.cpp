#include <cmath>

#include "optimizers/moments.hpp"
#include "optimizers/ranges.hpp"
#include "spec/table.hpp"

namespace bpnet::optimizer_entries {

namespace {

struct Nadam {
  Real rate, momentum_rate;  // on the gradient and on its mean
  Real decay, scale, keep1, keep2, correction, epsilon;
  void operator()(Real& w, Real g, Real (&s)[2]) const {
    const Real slope = scale * g + decay * w;
    s[0] = keep1 * s[0] + (1 - keep1) * slope;
    s[1] = keep2 * s[1] + (1 - keep2) * slope * slope;
    w -= (rate * slope + momentum_rate * s[0]) / (std::sqrt(s[1]) * correction + epsilon);
  }
};

/// Dozat 2016; equals PyTorch's NAdam.
struct NadamOptimizer final : MomentOptimizer {
  double momentum_decay = 0.004;

  NadamOptimizer() { learning_rate = 0.002; }
  void visit(Visitor& v) override {
    visit_moments(v, "pull towards zero, added to the gradient; not on biases, norms");
    v("momentum_decay", momentum_decay, at_least(0), "how fast the momentum rises to beta1");
  }
  void step(const Weights& weights, std::span<Real> state, const Rates& rates, const Evaluate&) override {
    const auto step = static_cast<double>(rates.step);
    const double mu = momentum(step), next = momentum(step + 1), product = momentum_product(rates.step);
    const double start2 = 1 - std::pow(beta2, step);
    update_ranges<2>(weights, state, learning_rate * rates.factor, weight_decay, [&](const UpdateRange& r) {
      return Nadam{static_cast<Real>(r.learning_rate * (1 - mu) / (1 - product)),
                   static_cast<Real>(r.learning_rate * next / (1 - product * next)),
                   static_cast<Real>(r.weight_decay),
                   static_cast<Real>(rates.gradient_scale),
                   static_cast<Real>(beta1),
                   static_cast<Real>(beta2),
                   static_cast<Real>(1 / std::sqrt(start2)),
                   static_cast<Real>(epsilon)};
    });
  }

 private:
  double momentum(double step) const { return beta1 * (1 - 0.5 * std::pow(0.96, step * momentum_decay)); }
  // Of all steps so far; once it is nothing beside 1, later steps do not change that.
  double momentum_product(std::int64_t steps) const {
    const double ratio = std::pow(0.96, momentum_decay);
    double product = 1, power = 1;
    for (std::int64_t k = 1; k <= steps && product > 1e-17; ++k) {
      power *= ratio;
      product *= beta1 * (1 - 0.5 * power);
    }
    return product;
  }
};

}  // namespace

extern const Entry nadam = {"nadam",
                            "adam that looks ahead by its momentum, as nesterov does",
                            "NAdam Nadam",
                            "nadam: {learning_rate: 0.003}",
                            "",
                            make<NadamOptimizer>};

}  // namespace bpnet::optimizer_entries
