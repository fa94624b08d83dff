#include <algorithm>
#include <cmath>

#include "optimizers/orthogonal.hpp"
#include "optimizers/ranges.hpp"
#include "spec/table.hpp"

namespace bpnet::optimizer_entries {

namespace {

struct Momentum {  // w, the direction, from the gradient
  Real scale, keep;
  bool nesterov;
  void operator()(Real& w, Real g, Real (&s)[1]) const {
    const Real slope = scale * g;
    s[0] = keep * s[0] + (1 - keep) * slope;
    w = nesterov ? keep * s[0] + (1 - keep) * slope : s[0];
  }
};

struct Move {
  Real stays, rate;
  void operator()(Real& w, Real direction, Real (&)[1]) const { w = stays * w - rate * direction; }
};

/// Jordan et al. 2024; equals PyTorch's Muon in float: matrices step along their momentum made orthogonal,
/// longer by the root of outputs over inputs where there are more outputs.
struct Muon final : Optimizer {
  double momentum = 0.95, weight_decay = 0;
  bool nesterov = true;
  std::int64_t iterations = 5;
  Choice others = choose(optimizers, "adamw");

  Muon() { learning_rate = 0.02; }
  void visit(Visitor& v) override {
    v("learning_rate", learning_rate, above(0), "length of a matrix's step in each of its directions");
    v("momentum", momentum, share_below_one(), "share of the running mean of gradients that is kept");
    v("nesterov", nesterov, "look ahead by the momentum");
    v("iterations", iterations, between(1, 20), "of Newton and Schulz, towards an orthogonal matrix");
    v("weight_decay", weight_decay, at_least(0), "share of a weight lost each step, times the learning rate");
    v("others", others, optimizers, "the optimizer of biases, norms and embeddings");
  }
  std::vector<std::string> arrays() const override {
    std::vector<std::string> names = {"momentum"};
    for (const std::string& name : rest().arrays()) names.push_back("others." + name);
    return names;
  }
  Objection objection(const Practice& practice) const override {
    if (rest().looks_again())
      return {"muon.others cannot be " + others.name() + ", which moves all weights to look at the loss",
              "take adamw, or put muon into it as a whole"};
    return rest().objection(practice);
  }
  void prepare(std::span<const Segment> segments, std::size_t count) override {
    rest_segments_.assign(segments.begin(), segments.end());
    matrices_.clear();
    std::size_t largest = 0;
    for (std::size_t i = 0; i < segments.size(); ++i) {
      const Segment& s = segments[i];
      if (s.role != Role::matrix || s.shape.axes() < 2) continue;
      rest_segments_[i].frozen = true;
      if (s.frozen) continue;
      const auto [pieces, in, out] = s.matrices();
      Segment matrix = s;
      matrix.shape = {in, out};
      for (int m = 0; m < pieces; ++m, matrix.begin += matrix.size())
        matrices_.push_back({matrix, orthogonal_.add(in, out)});
      largest = std::max(largest, matrix.size());
    }
    direction_ = Memory(largest * sizeof(Real));
    rest().prepare(rest_segments_, count);
  }
  void step(const Weights& weights, std::span<Real> state, const Rates& rates,
            const Evaluate& again) override {
    const auto direction = direction_.as<Real>();
    for (const Matrix& matrix : matrices_) {
      const Segment& s = matrix.segment;
      const std::size_t n = s.size();
      math::update<1>(
          Momentum{static_cast<Real>(rates.gradient_scale), static_cast<Real>(momentum), nesterov},
          direction.data(), &weights.gradients[s.begin], {&state[s.begin]}, n);
      const auto turned = orthogonal_.run(matrix.shape, direction.first(n), static_cast<int>(iterations));
      const Segment::Matrices shape = s.matrices();
      const double rate = learning_rate * rates.factor * s.rate;
      math::update<0>(
          Move{static_cast<Real>(1 - rate * weight_decay * s.decay),
               static_cast<Real>(rate * std::sqrt(std::max(1.0, static_cast<double>(shape.out) / shape.in)))},
          &weights.values[s.begin], turned.data(), {}, n);
    }
    rest().step({weights.values, weights.gradients, rest_segments_}, state.subspan(weights.values.size()),
                rates, again);
  }

 private:
  struct Matrix {
    Segment segment;
    std::size_t shape;
  };
  Optimizer& rest() const { return *others.as<Optimizer>(); }

  std::vector<Segment> rest_segments_;
  std::vector<Matrix> matrices_;
  Orthogonaliser orthogonal_;
  Memory direction_;
};

}  // namespace

extern const Entry muon = {"muon", "orthogonal steps for matrices; another optimizer for all else",
                           "Muon", "muon: {learning_rate: 0.02, others: {adamw: 0.003}}",
                           "",     make<Muon>};

}  // namespace bpnet::optimizer_entries
