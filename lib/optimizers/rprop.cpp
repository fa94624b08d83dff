#include <algorithm>

#include "optimizers/ranges.hpp"
#include "spec/table.hpp"

namespace bpnet::optimizer_entries {

namespace {

struct Rprop {
  Real factor;  // of schedule and layer
  Real scale, first, shrink, grow, least, most;
  void operator()(Real& w, Real g, Real (&s)[2]) const {
    Real slope = scale * g;
    const Real same = slope * s[0];
    Real length = s[1] > 0 ? s[1] : first;
    length *= same > 0 ? grow : same < 0 ? shrink : Real{1};
    length = length < least ? least : length > most ? most : length;
    slope = same < 0 ? Real{0} : slope;
    const Real sign = slope > 0 ? Real{1} : slope < 0 ? Real{-1} : Real{0};
    w -= factor * length * sign;
    s[0] = slope;
    s[1] = length;
  }
};

/// Riedmiller and Braun 1993; equals PyTorch's Rprop. A schedule acts on the steps made, not on the lengths
/// that are kept.
struct RpropOptimizer final : Optimizer {
  double shrink = 0.5, grow = 1.2, least = 1e-6, most = 50;

  RpropOptimizer() { learning_rate = 0.01; }
  void visit(Visitor& v) override {
    v("learning_rate", learning_rate, above(0), "length of the first step of every weight");
    v("shrink", shrink, inside_unit(), "factor on a length when the gradient's sign has changed");
    v("grow", grow, at_least(1), "factor on a length when the sign is the same");
    v("least", least, above(0), "the shortest step");
    v("most", most, above(0), "the longest step");
  }
  std::vector<std::string> arrays() const override { return {"gradient", "length"}; }
  Objection objection(const Practice& practice) const override {
    if (!practice.all_rows)
      return {"rprop compares the signs of two steps' gradients, which must be of the same rows",
              "say train.batch_size: all"};
    if (practice.random)
      return {
          "rprop compares the signs of two steps' gradients, which layers that draw random numbers change "
          "by chance",
          "leave dropout and noise out"};
    if (practice.augmented)
      return {
          "rprop compares the signs of two steps' gradients, and pictures that are changed by chance are "
          "others each time",
          "leave train.augment out"};
    return {};
  }
  void step(const Weights& weights, std::span<Real> state, const Rates& rates, const Evaluate&) override {
    update_ranges<2>(weights, state, rates.factor, 0, [&](const UpdateRange& r) {
      return Rprop{static_cast<Real>(r.learning_rate),
                   static_cast<Real>(rates.gradient_scale),
                   static_cast<Real>(learning_rate),
                   static_cast<Real>(shrink),
                   static_cast<Real>(grow),
                   static_cast<Real>(least),
                   static_cast<Real>(most)};
    });
  }
};

}  // namespace

extern const Entry rprop = {"rprop",
                            "a step length for each weight, from the signs of its gradients; all rows a step",
                            "Rprop RProp resilient_backpropagation iRprop",
                            "rprop: 0.01",
                            "",
                            make<RpropOptimizer>};

}  // namespace bpnet::optimizer_entries
