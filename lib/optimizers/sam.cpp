#include <algorithm>
#include <cmath>

#include "core/memory.hpp"
#include "math/elements.hpp"
#include "optimizers/ranges.hpp"
#include "optimizers/wrapper.hpp"
#include "spec/table.hpp"

namespace bpnet::optimizer_entries {

namespace {

struct Climb {
  Real length;
  void operator()(Real& w, Real g, Real (&)[1]) const { w += length * g; }
};

/// Foret et al. 2021, with the Euclidean norm over all weights that learn. Running statistics are those of
/// the first look.
struct Sam final : Wrapper {
  double rho = 0.05;

  void visit(Visitor& v) override {
    visit_inner(v);
    v("rho", rho, above(0), "how far uphill the gradient is looked at");
  }
  void prepare(std::span<const Segment> segments, std::size_t count) override {
    Wrapper::prepare(segments, count);
    before_ = Memory(count * sizeof(Real));
  }
  bool looks_again() const override { return true; }
  Objection objection(const Practice& practice) const override {
    if (inner().looks_again())
      return {"sam cannot go around " + inner_name() + ", which moves the weights to look at the loss itself",
              "take sgd, adam or another that does not"};
    return Wrapper::objection(practice);
  }
  void step(const Weights& weights, std::span<Real> state, const Rates& rates,
            const Evaluate& again) override {
    const auto before = before_.as<Real>();
    std::copy(weights.values.begin(), weights.values.end(), before.begin());
    double squares = 0;
    each_range(weights.segments, 1, 0, [&](const UpdateRange& r) {
      squares += math::sum_of_squares(weights.gradients.data() + r.begin, r.count);
    });
    const double length = squares > 0 ? rho / std::sqrt(squares) : 0;
    update_ranges<0>(weights, {}, 1, 0, [&](const UpdateRange&) { return Climb{static_cast<Real>(length)}; });
    const Look look = again();
    std::copy(before.begin(), before.end(), weights.values.begin());
    if (!look.finite) throw Diverged{};
    Rates there = rates;
    there.gradient_scale = look.gradient_scale;
    there.loss = look.loss;
    inner().step(weights, state, there, again);
  }

 private:
  Memory before_;
};

}  // namespace

extern const Entry sam = {
    "sam",
    "steps along the gradient from a little uphill, towards flat minima; two looks a step",
    "SAM sharpness_aware_minimization",
    "sam: {inner: {sgd: {learning_rate: 0.1, momentum: 0.9}}, rho: 0.05}",
    "",
    make<Sam>};

}  // namespace bpnet::optimizer_entries
