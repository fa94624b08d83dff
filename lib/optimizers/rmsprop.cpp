#include <cmath>

#include "optimizers/ranges.hpp"
#include "spec/table.hpp"

namespace bpnet::optimizer_entries {

namespace {

struct Plain {
  Real rate, decay, scale, alpha, epsilon;
  // Divides the slope by its running size.
  Real scaled(Real w, Real g, Real& square) const {
    const Real slope = scale * g + decay * w;
    square = alpha * square + (1 - alpha) * slope * slope;
    return slope / (std::sqrt(square) + epsilon);
  }
  void operator()(Real& w, Real g, Real (&s)[1]) const { w -= rate * scaled(w, g, s[0]); }
};

struct WithMomentum : Plain {
  Real momentum;
  void operator()(Real& w, Real g, Real (&s)[2]) const {
    s[1] = momentum * s[1] + scaled(w, g, s[0]);
    w -= rate * s[1];
  }
};

/// Hinton 2012, lecture 6e; equals PyTorch's RMSprop.
struct RmsProp final : Optimizer {
  double alpha = 0.99, epsilon = 1e-8, momentum = 0, weight_decay = 0;

  void visit(Visitor& v) override {
    v("learning_rate", learning_rate, above(0), "length of a step");
    v("alpha", alpha, share_below_one(), "share of the running mean of squares that is kept each step");
    v("epsilon", epsilon, above(0), "added to the root of that mean");
    v("momentum", momentum, share_below_one(), "share of the last step that is made again");
    v("weight_decay", weight_decay, at_least(0),
      "pull towards zero, added to the gradient; not on biases, norms");
  }
  std::vector<std::string> arrays() const override {
    if (momentum > 0) return {"square", "momentum"};
    return {"square"};
  }
  void step(const Weights& weights, std::span<Real> state, const Rates& rates, const Evaluate&) override {
    const double rate = learning_rate * rates.factor;
    const auto plain = [&](const UpdateRange& r) {
      return Plain{static_cast<Real>(r.learning_rate), static_cast<Real>(r.weight_decay),
                   static_cast<Real>(rates.gradient_scale), static_cast<Real>(alpha),
                   static_cast<Real>(epsilon)};
    };
    if (momentum > 0)
      update_ranges<2>(weights, state, rate, weight_decay, [&](const UpdateRange& r) {
        return WithMomentum{plain(r), static_cast<Real>(momentum)};
      });
    else
      update_ranges<1>(weights, state, rate, weight_decay, plain);
  }
};

}  // namespace

extern const Entry rmsprop = {"rmsprop",
                              "steps divided by the running size of the gradient",
                              "RMSprop RMSProp rms_prop",
                              "rmsprop: {learning_rate: 0.01, momentum: 0.5}",
                              "",
                              make<RmsProp>};

}  // namespace bpnet::optimizer_entries
