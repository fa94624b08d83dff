#pragma once
// What adam and its kin share: two running moments, corrected for their start at zero (Kingma and Ba 2014).

#include "optimizers/optimizer.hpp"

namespace bpnet {

enum class Decay : std::uint8_t { in_gradient, decoupled };

struct MomentOptimizer : Optimizer {
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weight_decay = 0;
  std::vector<std::string> arrays() const override { return {"m", "v"}; }

 protected:
  void visit_moments(Visitor& v, const char* decay_help);
};

/// adam and adamw.
struct AdamLike : MomentOptimizer {
  bool amsgrad = false;
  std::vector<std::string> arrays() const override;

 protected:
  void visit_adam(Visitor& v, const char* decay_help);
  void step_adam(const Weights& weights, std::span<Real> state, const Rates& rates, Decay decay) const;
};

}  // namespace bpnet
