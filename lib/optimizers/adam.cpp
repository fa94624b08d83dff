#include "optimizers/moments.hpp"
#include "spec/table.hpp"

namespace bpnet::optimizer_entries {

namespace {
/// Kingma and Ba 2014; equals PyTorch's Adam.
struct Adam final : AdamLike {
  void visit(Visitor& v) override {
    visit_adam(v, "pull towards zero, added to the gradient; not on biases, norms; adamw is mostly better");
  }
  void step(const Weights& weights, std::span<Real> state, const Rates& rates, const Evaluate&) override {
    step_adam(weights, state, rates, Decay::in_gradient);
  }
};
}  // namespace

extern const Entry adam = {"adam",
                           "steps of the running mean of gradients over its running size",
                           "Adam AMSGrad amsgrad adamax SparseAdam Adamax adabelief yogi",
                           "adam: {learning_rate: 0.003}",
                           "",
                           make<Adam>};

}  // namespace bpnet::optimizer_entries
