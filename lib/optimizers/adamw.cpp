#include "optimizers/moments.hpp"
#include "spec/table.hpp"

namespace bpnet::optimizer_entries {

namespace {
/// Loshchilov and Hutter 2017; equals PyTorch's AdamW.
struct AdamW final : AdamLike {
  AdamW() { weight_decay = 0.01; }
  void visit(Visitor& v) override {
    visit_adam(v, "share of a weight lost each step, times the learning rate; not on biases, norms");
  }
  void step(const Weights& weights, std::span<Real> state, const Rates& rates, const Evaluate&) override {
    step_adam(weights, state, rates, Decay::decoupled);
  }
};
}  // namespace

extern const Entry adamw = {"adamw",
                            "adam with weight decay apart from the gradient",
                            "AdamW adam_w decoupled_adam lamb nadamw",
                            "adamw: {learning_rate: 0.003, weight_decay: 0.05}",
                            "",
                            make<AdamW>};

}  // namespace bpnet::optimizer_entries
