#include <algorithm>

#include "optimizers/ranges.hpp"
#include "optimizers/wrapper.hpp"
#include "spec/table.hpp"

namespace bpnet::optimizer_entries {

namespace {

struct Pull {  // the weights go back to the slow ones, which have followed them
  Real alpha;
  void operator()(Real& w, Real, Real (&s)[1]) const {
    s[0] += alpha * (w - s[0]);
    w = s[0];
  }
};

/// Zhang et al. 2019; the inner optimizer's state goes on.
struct Lookahead final : Wrapper {
  std::int64_t steps = 5;
  double alpha = 0.5;

  void visit(Visitor& v) override {
    visit_inner(v);
    v("steps", steps, between(1, 1e9), "steps of the inner optimizer between two of the slow weights");
    v("alpha", alpha, {.low = 0, .high = 1, .low_open = true},
      "share of the way that the slow weights follow");
  }
  std::vector<std::string> arrays() const override {
    std::vector<std::string> names = inner().arrays();
    for (std::string& name : names) name.insert(0, "inner.");
    names.emplace_back("slow");
    return names;
  }
  void step(const Weights& weights, std::span<Real> state, const Rates& rates,
            const Evaluate& again) override {
    const std::size_t count = weights.values.size();
    const auto slow = state.last(count);
    if (rates.step == 1) std::copy(weights.values.begin(), weights.values.end(), slow.begin());
    inner().step(weights, state.first(state.size() - count), rates, again);
    if (rates.step % steps != 0) return;
    update_ranges<1>(weights, slow, 1, 0, [&](const UpdateRange&) { return Pull{static_cast<Real>(alpha)}; });
  }
};

}  // namespace

extern const Entry lookahead = {"lookahead",
                                "slow weights that follow an inner optimizer's every few steps",
                                "Lookahead LookAhead ranger",
                                "lookahead: {inner: {adam: 0.01}, steps: 5, alpha: 0.5}",
                                "",
                                make<Lookahead>};

}  // namespace bpnet::optimizer_entries
