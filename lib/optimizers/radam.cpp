#include <cmath>

#include "optimizers/moments.hpp"
#include "optimizers/ranges.hpp"
#include "spec/table.hpp"

namespace bpnet::optimizer_entries {

namespace {

template <bool adaptive>
struct Radam {
  Real rate;  // with all corrections
  Real decay, scale, keep1, keep2, epsilon;
  void operator()(Real& w, Real g, Real (&s)[2]) const {
    const Real slope = scale * g + decay * w;
    s[0] = keep1 * s[0] + (1 - keep1) * slope;
    s[1] = keep2 * s[1] + (1 - keep2) * slope * slope;
    if constexpr (adaptive)
      w -= rate * s[0] / (std::sqrt(s[1]) + epsilon);
    else
      w -= rate * s[0];
  }
};

/// Liu et al. 2019; equals PyTorch's RAdam.
struct RadamOptimizer final : MomentOptimizer {
  void visit(Visitor& v) override {
    visit_moments(v, "pull towards zero, added to the gradient; not on biases, norms");
  }
  void step(const Weights& weights, std::span<Real> state, const Rates& rates, const Evaluate&) override {
    const auto step = static_cast<double>(rates.step);
    const double power2 = std::pow(beta2, step);
    // How many gradients the running mean of squares is worth; up to 5 it is too uncertain to divide by.
    const double most = 2 / (1 - beta2) - 1, worth = most - 2 * step * power2 / (1 - power2);
    double factor = 1 / (1 - std::pow(beta1, step));
    const auto run = [&]<bool adaptive>() {
      update_ranges<2>(weights, state, learning_rate * rates.factor, weight_decay, [&](const UpdateRange& r) {
        return Radam<adaptive>{static_cast<Real>(r.learning_rate * factor),
                               static_cast<Real>(r.weight_decay),
                               static_cast<Real>(rates.gradient_scale),
                               static_cast<Real>(beta1),
                               static_cast<Real>(beta2),
                               static_cast<Real>(epsilon)};
      });
    };
    if (worth <= 5) return run.template operator()<false>();
    const double certainty = (worth - 4) * (worth - 2) * most / ((most - 4) * (most - 2) * worth);
    factor *= std::sqrt(certainty * (1 - power2));
    run.template operator()<true>();
  }
};

}  // namespace

extern const Entry radam = {"radam",
                            "adam whose first steps are careful without a warm-up",
                            "RAdam RectifiedAdam rectified_adam",
                            "radam: {learning_rate: 0.003}",
                            "",
                            make<RadamOptimizer>};

}  // namespace bpnet::optimizer_entries
