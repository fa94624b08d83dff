#include <algorithm>
#include <array>
#include <cmath>

#include "core/memory.hpp"
#include "math/elements.hpp"
#include "optimizers/line_search.hpp"
#include "optimizers/ranges.hpp"
#include "spec/table.hpp"

namespace bpnet::optimizer_entries {

namespace {

constexpr int longest_history = 100;
constexpr double least_curvature = 1e-10, least_slope = 1e-9;

struct AddScaled {
  Real factor;
  void operator()(Real& w, Real g, Real (&)[1]) const { w += factor * g; }
};

struct MoveFrom {  // w = start + length * direction
  Real length;
  void operator()(Real& w, Real start, Real (&s)[1]) const { w = start + length * s[0]; }
};

struct TakeGradient {  // w, a kept gradient, becomes this one; s becomes the change
  Real scale;
  void operator()(Real& w, Real g, Real (&s)[1]) const {
    s[0] = scale * g - w;
    w = scale * g;
  }
};

void add_scaled(std::span<Real> to, double factor, std::span<const Real> from) {
  math::update<0>(AddScaled{static_cast<Real>(factor)}, to.data(), from.data(), {}, to.size());
}

double dot(std::span<const Real> a, std::span<const Real> b) {
  return math::dot(a.data(), b.data(), a.size());
}

/// Nocedal and Wright 2006, algorithm 7.5; equals PyTorch's LBFGS with one iteration a step. The state is a
/// ring of moves and the changes of the gradient they made; a pair that tells of no curvature counts as
/// empty.
struct Lbfgs final : Optimizer {
  std::int64_t history = 10, looks = 25;

  Lbfgs() { learning_rate = 1; }
  void visit(Visitor& v) override {
    v("learning_rate", learning_rate, above(0), "first length tried along the direction");
    v("history", history, between(1, longest_history), "steps whose curvature is remembered");
    v("looks", looks, between(1, 1000), "most evaluations of the loss in the line search of a step");
  }
  std::vector<std::string> arrays() const override {
    std::vector<std::string> names = {"gradient"};
    for (const char* kind : {"move_", "change_"})
      for (std::int64_t k = 1; k <= history; ++k) names.push_back(kind + std::to_string(k));
    return names;
  }
  void prepare(std::span<const Segment>, std::size_t count) override {
    direction_ = Memory(count * sizeof(Real));
    start_ = Memory(count * sizeof(Real));
  }
  bool looks_again() const override { return true; }
  bool searches() const override { return true; }
  bool looked_last_where_it_stands() const override { return looked_last_where_it_stands_; }
  Objection objection(const Practice& practice) const override {
    if (!practice.all_rows)
      return {"lbfgs compares the gradients of two steps, which must be of the same rows",
              "say train.batch_size: all"};
    if (practice.random)
      return {"lbfgs compares losses along a line, which layers that draw random numbers change by chance",
              "leave dropout and noise out"};
    if (practice.augmented)
      return {
          "lbfgs compares losses along a line, and pictures that are changed by chance are others each time",
          "leave train.augment out"};
    if (practice.clipped) return {"lbfgs needs the gradient as it is", "write train.clip_norm: none"};
    if (practice.constrained)
      return {"lbfgs cannot keep weights in bounds", "leave max_norm and non_negative out"};
    return {};
  }

  void step(const Weights& weights, std::span<Real> state, const Rates& rates,
            const Evaluate& again) override {
    const std::size_t n = weights.values.size(), slots = static_cast<std::size_t>(history);
    const auto array = [&](std::size_t k) { return state.subspan(k * n, n); };
    const auto moves = [&](std::size_t slot) { return array(1 + slot); };
    const auto changes = [&](std::size_t slot) { return array(1 + slots + slot); };
    const auto gradient = array(0);
    const auto this_slot = static_cast<std::size_t>(rates.step % history);
    const std::size_t last_slot = (this_slot + slots - 1) % slots;
    each_range(weights.segments, 1, 0, [&](const UpdateRange& r) {
      math::update<1>(TakeGradient{static_cast<Real>(rates.gradient_scale)}, &gradient[r.begin],
                      &weights.gradients[r.begin], {&changes(last_slot)[r.begin]}, r.count);
    });

    // Two loops over the pairs, the newest first and then back; the inverse of the curvature begins with the
    // newest pair's, times the layers' rates.
    const auto direction = direction_.as<Real>();
    std::copy(gradient.begin(), gradient.end(), direction.begin());
    math::scale(-1, n, direction.data());
    std::array<double, longest_history> share, curvature;
    double first_scale = 0;
    for (std::size_t k = 0; k < slots; ++k) {
      const std::size_t slot = (last_slot + slots - k) % slots;
      curvature[slot] = dot(moves(slot), changes(slot));
      if (!(curvature[slot] > least_curvature)) continue;
      if (first_scale == 0) first_scale = curvature[slot] / dot(changes(slot), changes(slot));
      share[slot] = dot(moves(slot), direction) / curvature[slot];
      add_scaled(direction, -share[slot], changes(slot));
    }
    const bool knows_nothing = first_scale == 0;
    for (const Segment& s : weights.segments)
      math::scale(static_cast<Real>(s.rate * (knows_nothing ? 1 : first_scale)), s.size(),
                  &direction[s.begin]);
    for (std::size_t k = slots; k-- > 0;) {
      const std::size_t slot = (last_slot + slots - k) % slots;
      if (!(curvature[slot] > least_curvature)) continue;
      const double back = dot(changes(slot), direction) / curvature[slot];
      add_scaled(direction, share[slot] - back, moves(slot));
    }

    double first = learning_rate * rates.factor;
    if (knows_nothing) first *= std::min(1.0, 1 / math::sum_of_magnitudes(gradient.data(), n));
    const double length = search(weights, rates.loss, dot(gradient, direction), first, again);
    const auto move = moves(this_slot);
    std::copy(direction.begin(), direction.end(), move.begin());
    math::scale(static_cast<Real>(length), n, move.data());
    // Nothing better on the way: the next step begins anew, straight down.
    if (length == 0) math::fill(0, slots * n, moves(0).data());
  }

 private:
  // Moves the weights; returns how far along the direction.
  double search(const Weights& weights, double loss, double slope, double first, const Evaluate& again) {
    looked_last_where_it_stands_ = false;
    if (!(slope < -least_slope)) return 0;
    struct Ahead final : Ray {
      const Weights& weights;
      std::span<Real> start, direction;
      const Evaluate& again;
      double last = 0;  // length looked at
      Ahead(const Weights& w, std::span<Real> s, std::span<Real> d, const Evaluate& a)
          : weights(w), start(s), direction(d), again(a) {}
      void move(double length) {
        math::update<1>(MoveFrom{static_cast<Real>(length)}, weights.values.data(), start.data(),
                        {direction.data()}, start.size());
      }
      Sight at(double length) override {
        move(last = length);
        const Look look = again();
        if (!look.finite) return {HUGE_VAL, 0};
        return {look.loss, look.gradient_scale * dot(weights.gradients, direction)};
      }
    } ahead(weights, start_.as<Real>(), direction_.as<Real>(), again);
    std::copy(weights.values.begin(), weights.values.end(), ahead.start.begin());
    double reach = 0;
    for (const Real d : ahead.direction) reach = std::max(reach, std::abs(static_cast<double>(d)));
    const double length = search_line(ahead, {loss, slope}, first, reach, static_cast<int>(looks));
    looked_last_where_it_stands_ = length > 0 && length == ahead.last;
    if (!looked_last_where_it_stands_) ahead.move(length);
    return length;
  }

  Memory direction_, start_;
  bool looked_last_where_it_stands_ = false;
};

}  // namespace

extern const Entry lbfgs = {"lbfgs",
                            "quasi-Newton steps with a line search, for small data; all rows a step",
                            "LBFGS L-BFGS l_bfgs bfgs quasi_newton lbfgsb",
                            "lbfgs: {history: 10}",
                            "",
                            make<Lbfgs>};

}  // namespace bpnet::optimizer_entries
