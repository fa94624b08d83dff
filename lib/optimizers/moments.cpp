#include "optimizers/moments.hpp"

#include <cmath>

#include "math/update.hpp"
#include "optimizers/ranges.hpp"

namespace bpnet {

namespace {

template <Decay how>
struct Moments {
  Real rate;   // learning rate over 1 - beta1^step
  Real decay;  // in_gradient: added to it times the weight; decoupled: the share of a weight that stays
  Real scale;  // of the gradient
  Real keep1, keep2;  // the betas
  Real correction;    // 1 / sqrt(1 - beta2^step)
  Real epsilon;

  void operator()(Real& w, Real g, Real (&s)[2]) const {
    Real slope = scale * g;
    if constexpr (how == Decay::in_gradient)
      slope += decay * w;
    else
      w *= decay;
    s[0] = keep1 * s[0] + (1 - keep1) * slope;
    s[1] = keep2 * s[1] + (1 - keep2) * slope * slope;
    w -= rate * s[0] / (std::sqrt(s[1]) * correction + epsilon);
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

void MomentOptimizer::step_moments(const Weights& weights, std::span<Real> state, const Rates& rates,
                                   Decay decay) const {
  const auto step = static_cast<double>(rates.step);
  const double start1 = 1 - std::pow(beta1, step), start2 = 1 - std::pow(beta2, step);
  const auto run = [&]<Decay how>(const UpdateRange& r) {
    const double pull = how == Decay::in_gradient ? r.weight_decay : 1 - r.learning_rate * r.weight_decay;
    const Moments<how> moments = {static_cast<Real>(r.learning_rate / start1),
                                  static_cast<Real>(pull),
                                  static_cast<Real>(rates.gradient_scale),
                                  static_cast<Real>(beta1),
                                  static_cast<Real>(beta2),
                                  static_cast<Real>(1 / std::sqrt(start2)),
                                  static_cast<Real>(epsilon)};
    Real* m = state.data() + r.begin;
    math::update<2>(moments, weights.values.data() + r.begin, weights.gradients.data() + r.begin,
                    {m, m + weights.values.size()}, r.count);
  };
  each_range(weights.segments, learning_rate * rates.factor, weight_decay, [&](const UpdateRange& r) {
    if (decay == Decay::in_gradient)
      run.template operator()<Decay::in_gradient>(r);
    else
      run.template operator()<Decay::decoupled>(r);
  });
}

}  // namespace bpnet
