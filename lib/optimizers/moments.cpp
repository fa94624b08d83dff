#include "optimizers/moments.hpp"

#include <cmath>

#include "optimizers/ranges.hpp"

namespace bpnet {

namespace {

template <Decay how, bool largest>
struct Moments {
  Real rate;   // learning rate over 1 - beta1^step
  Real decay;  // in_gradient: added to it times the weight; decoupled: the share of a weight that stays
  Real scale;  // of the gradient
  Real keep1, keep2;  // the betas
  Real correction;    // 1 / sqrt(1 - beta2^step)
  Real epsilon;

  void operator()(Real& w, Real g, Real (&s)[largest ? 3 : 2]) const {
    Real slope = scale * g;
    if constexpr (how == Decay::in_gradient)
      slope += decay * w;
    else
      w *= decay;
    s[0] = keep1 * s[0] + (1 - keep1) * slope;
    s[1] = keep2 * s[1] + (1 - keep2) * slope * slope;
    Real square = s[1];
    if constexpr (largest) square = s[2] = s[2] > square ? s[2] : square;
    w -= rate * s[0] / (std::sqrt(square) * correction + epsilon);
  }
};

}  // namespace

void MomentOptimizer::visit_moments(Visitor& v, const char* decay_help) {
  v("learning_rate", learning_rate, above(0), "length of a step");
  v("beta1", beta1, share_below_one(), "share of the running mean of gradients that is kept each step");
  v("beta2", beta2, share_below_one(), "share of the running mean of squares that is kept each step");
  v("epsilon", epsilon, above(0), "added to the root of that mean");
  v("weight_decay", weight_decay, at_least(0), decay_help);
}

void AdamLike::visit_adam(Visitor& v, const char* decay_help) {
  visit_moments(v, decay_help);
  v("amsgrad", amsgrad, "divide by the largest running size there was so far (Reddi et al. 2018)");
}

std::vector<std::string> AdamLike::arrays() const {
  if (amsgrad) return {"m", "v", "largest"};
  return {"m", "v"};
}

void AdamLike::step_adam(const Weights& weights, std::span<Real> state, const Rates& rates,
                         Decay decay) const {
  const auto step = static_cast<double>(rates.step);
  const double start1 = 1 - std::pow(beta1, step), start2 = 1 - std::pow(beta2, step);
  const auto run = [&]<Decay how, bool largest>() {
    update_ranges<largest ? 3 : 2>(
        weights, state, learning_rate * rates.factor, weight_decay, [&](const UpdateRange& r) {
          const double pull =
              how == Decay::in_gradient ? r.weight_decay : 1 - r.learning_rate * r.weight_decay;
          return Moments<how, largest>{static_cast<Real>(r.learning_rate / start1),
                                       static_cast<Real>(pull),
                                       static_cast<Real>(rates.gradient_scale),
                                       static_cast<Real>(beta1),
                                       static_cast<Real>(beta2),
                                       static_cast<Real>(1 / std::sqrt(start2)),
                                       static_cast<Real>(epsilon)};
        });
  };
  if (decay == Decay::in_gradient && amsgrad)
    run.template operator()<Decay::in_gradient, true>();
  else if (decay == Decay::in_gradient)
    run.template operator()<Decay::in_gradient, false>();
  else if (amsgrad)
    run.template operator()<Decay::decoupled, true>();
  else
    run.template operator()<Decay::decoupled, false>();
}

}  // namespace bpnet
