#include "report/linear.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <numeric>

namespace bpnet {

namespace {

constexpr std::size_t batch_rows = 512;
constexpr int most_iterations = 100, history = 10, most_halvings = 20;
constexpr double work = 3e7;     // multiply-adds of one look at all rows
constexpr double row_work = 64;  // what a row costs beside them
constexpr std::int64_t least_rows = 1000;
constexpr double enough = 1e-6;  // relative gain over `patience` iterations below which it ends
constexpr int patience = 5;

using Vector = std::vector<double>;

double dot(const Vector& a, const Vector& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

void add(double factor, const Vector& x, Vector& to) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += factor * x[i];
}

/// The run's stacks without their layers: what is left is the encoding of the inputs and the output.
std::vector<Stack> linear_stacks(const Settings& settings, const Encoding& encoding) {
  const Choice output = choose(layers, "output");
  const auto reads_pictures = [&](const std::string& stack) {
    const auto inputs = encoding.inputs();
    return std::any_of(inputs.begin(), inputs.end(), [&](const InputPort& input) {
      return input.stack == stack && input.port.shape.axes() > 1;
    });
  };
  std::vector<Stack> out;
  for (const Stack& from : settings.model) {
    Stack stack{from.name, {}, from.place};
    if (!from.layers.empty() && from.layers[0].name() == "embedding")
      stack.layers = {from.layers[0]};  // categories come as codes there
    if (reads_pictures(from.name)) stack.layers.push_back(choose(layers, "flatten"));
    if (from.name == "main" || from.name == "trunk") stack.layers.push_back(output);
    out.push_back(std::move(stack));
  }
  return out;
}

std::vector<std::int64_t> evenly_spaced(std::span<const std::int64_t> rows, std::int64_t count) {
  std::vector<std::int64_t> out;
  const auto all = static_cast<std::int64_t>(rows.size());
  for (std::int64_t i = 0; i < count; ++i) out.push_back(rows[static_cast<std::size_t>(i * all / count)]);
  return out;
}

/// Mean loss of the rows plus the penalty, with its gradient.
class Objective {
 public:
  Objective(Learner& learner, const Rows& rows, std::vector<std::int64_t> which)
      : learner_(learner), rows_(rows), which_(std::move(which)) {}

  double operator()(const Vector& at, Vector& gradient) const {
    const Weights weights = learner_.network().weights();
    std::transform(at.begin(), at.end(), weights.values.begin(),
                   [](double x) { return static_cast<Real>(x); });
    LossSum loss;
    for (std::size_t begin = 0; begin < which_.size(); begin += batch_rows) {
      const auto batch = std::span(which_).subspan(begin, std::min(batch_rows, which_.size() - begin));
      loss += learner_.learn(rows_, batch, {}, begin == 0, nullptr);
    }
    for (std::size_t i = 0; i < at.size(); ++i) gradient[i] = weights.gradients[i] / loss.weight;
    return loss.mean() + penalty(weights, at, gradient);
  }

 private:
  double penalty(const Weights& weights, const Vector& at, Vector& gradient) const {
    const auto rows = static_cast<double>(which_.size());
    double squares = 0;
    for (const Segment& s : weights.segments) {
      if (s.role != Role::matrix) continue;
      for (std::size_t i = s.begin; i < s.begin + s.size(); ++i) {
        squares += at[i] * at[i];
        gradient[i] += at[i] / rows;
      }
    }
    return squares / (2 * rows);
  }

  Learner& learner_;
  const Rows& rows_;
  std::vector<std::int64_t> which_;
};

struct Pair {  // of one iteration: the step, the change of the gradient
  Vector step, change;
  double scale;  // 1 / (step . change)
};

/// Minus the gradient times an estimate of the inverse Hessian (Nocedal 1980).
Vector direction(const Vector& gradient, const std::deque<Pair>& pairs) {
  Vector out = gradient;
  Vector share(pairs.size());
  for (std::size_t i = pairs.size(); i-- > 0;) {
    share[i] = pairs[i].scale * dot(pairs[i].step, out);
    add(-share[i], pairs[i].change, out);
  }
  double size = pairs.empty() ? 1 / std::max(1.0, std::sqrt(dot(gradient, gradient)))
                              : 1 / (pairs.back().scale * dot(pairs.back().change, pairs.back().change));
  for (double& x : out) x *= -size;
  for (std::size_t i = 0; i < pairs.size(); ++i)
    add(-share[i] - pairs[i].scale * dot(pairs[i].change, out), pairs[i].step, out);
  return out;
}

/// False if the loss at the start is not finite.
bool minimise(const Objective& objective, Vector& at) {
  Vector gradient(at.size()), next(at.size()), next_gradient(at.size());
  double value = objective(at, gradient);
  if (!std::isfinite(value)) return false;
  std::deque<Pair> pairs;
  std::deque<double> before = {value};
  for (int i = 0; i < most_iterations; ++i) {
    Vector way = direction(gradient, pairs);
    const double slope = dot(way, gradient);
    if (!(slope < 0)) break;
    double length = 1, found = value;
    bool down = false;
    for (int h = 0; h < most_halvings && !down; ++h, length /= 2) {
      next = at;
      add(length, way, next);
      found = objective(next, next_gradient);
      down = found <= value + 1e-4 * length * slope;  // Armijo 1966
    }
    if (!down) break;
    Pair pair{next, next_gradient, 0};
    add(-1, at, pair.step);
    add(-1, gradient, pair.change);
    const double curvature = dot(pair.step, pair.change);
    at.swap(next);
    gradient.swap(next_gradient);
    value = found;
    if (curvature > 1e-12 * dot(pair.change, pair.change)) {
      pair.scale = 1 / curvature;
      pairs.push_back(std::move(pair));
      if (pairs.size() > history) pairs.pop_front();
    }
    before.push_back(value);
    if (before.size() <= patience) continue;
    if (before.front() - value < enough * std::abs(value)) break;
    before.pop_front();
  }
  objective(at, gradient);  // leaves the best weights in the network
  return true;
}

}  // namespace

LinearModel fit_linear(const Settings& settings, const Dataset& dataset) {
  const std::vector<Stack> stacks = linear_stacks(settings, *dataset.encoding);
  const TaskRequest request{stacks, settings.loss, settings.metrics, {}, {}, {}};
  LinearModel out;
  out.learner = settings.task.as<Task>()->learner(request, dataset.encoding);
  Network& network = out.learner->network();
  network.initialise(0);
  const auto rows = dataset.part(Part::training);
  const auto affordable =
      static_cast<std::int64_t>(work / (row_work + static_cast<double>(network.parameter_count())));
  out.rows = std::min(static_cast<std::int64_t>(rows.size()), std::max(least_rows, affordable));
  const auto values = network.weights().values;
  Vector at(values.begin(), values.end());
  const Objective objective(*out.learner, *dataset.rows, evenly_spaced(rows, out.rows));
  if (!minimise(objective, at)) out.learner.reset();
  return out;
}

}  // namespace bpnet
