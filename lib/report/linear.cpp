#include "report/linear.hpp"

#include <algorithm>
#include <cmath>
#include <deque>

#include "core/memory.hpp"
#include "layers/embedding.hpp"
#include "optimizers/optimizer.hpp"
#include "tasks/rows_at_once.hpp"
#include "train/regularise.hpp"

namespace bpnet {

namespace {

constexpr std::int64_t most_at_once = 512;
constexpr int most_steps = 100;
constexpr double work = 3e7;     // multiply-adds of one look at all rows
constexpr double row_work = 64;  // what a row costs beside them
constexpr std::int64_t least_fitted = 1000;
constexpr double enough = 1e-6;  // relative gain over `patience` steps below which it ends
constexpr int patience = 5;
constexpr int bag_width = 4;
constexpr std::int64_t most_parameters = 1'000'000;  // more take too long

/// The run's stacks without their layers: what is left is the encoding of the inputs and the output.
std::vector<Stack> linear_stacks(const Settings& settings, const Encoding& encoding) {
  const Choice output = choose(layers, "output");
  Choice narrow = choose(layers, "embedding");  // of tokens: a bag of words, as long as its vectors are few
  narrow.options = std::make_shared<Embedding>(bag_width);
  const auto reads = [&](const std::string& stack, auto what) {
    const auto inputs = encoding.inputs();
    return std::any_of(inputs.begin(), inputs.end(),
                       [&](const InputPort& input) { return input.stack == stack && what(input.port); });
  };
  const auto picture = [](const Port& port) { return port.shape.axes() > 1; };
  const auto steps = [](const Port& port) { return port.time > 0; };
  std::vector<Stack> out;
  for (const Stack& from : settings.model) {
    Stack stack{from.name, {}, from.place};
    if (!from.layers.empty() && from.layers[0].name() == "embedding")
      stack.layers = {reads(from.name, steps) ? narrow : from.layers[0]};  // categories come as codes there
    if (reads(from.name, steps)) stack.layers.push_back(choose(layers, "temporal_pool"));
    if (reads(from.name, picture)) stack.layers.push_back(choose(layers, "flatten"));
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
      : learner_(learner),
        rows_(rows),
        which_(std::move(which)),
        penalty_{0, 1 / static_cast<double>(which_.size())} {}

  /// At the network's weights; the gradient is left there.
  Look look() {
    const Weights weights = learner_.network().weights();
    LossSum loss;
    const auto most = static_cast<std::size_t>(rows_at_once(learner_.network(), most_at_once));
    for (std::size_t begin = 0; begin < which_.size(); begin += most) {
      const auto batch = std::span(which_).subspan(begin, std::min(most, which_.size() - begin));
      loss += learner_.learn(rows_, batch, {}, begin == 0, nullptr);
    }
    penalty_.add_to_gradients(weights, loss.weight);
    last_ = {loss.mean() + penalty_.value(weights), 1 / loss.weight, true};
    last_.finite = std::isfinite(last_.loss) && loss.weight > 0;
    return last_;
  }
  const Look& last() const { return last_; }

 private:
  Learner& learner_;
  const Rows& rows_;
  std::vector<std::int64_t> which_;
  Penalty penalty_;
  Look last_;
};

/// Leaves the best weights in the network. False if the loss at the start is not finite.
bool minimise(Objective& objective, Network& network) {
  const auto optimizer = choose(optimizers, "lbfgs").as<Optimizer>();
  const Weights weights = network.weights();
  optimizer->prepare(weights.segments, weights.values.size());
  const Memory state(weights.values.size_bytes() * optimizer->arrays().size());
  const Evaluate again = [&] { return objective.look(); };
  Look here = objective.look();
  if (!here.finite) return false;
  std::deque<double> before = {here.loss};
  for (std::int64_t step = 1; step <= most_steps; ++step) {
    optimizer->step(weights, state.as<Real>(), {1, here.gradient_scale, step, here.loss}, again);
    here = optimizer->looked_last_where_it_stands() ? objective.last() : objective.look();
    if (!(here.loss < before.back())) break;
    before.push_back(here.loss);
    if (before.size() <= patience) continue;
    if (before.front() - here.loss < enough * std::abs(here.loss)) break;
    before.pop_front();
  }
  return true;
}

}  // namespace

LinearModel fit_linear(const Settings& settings, const Dataset& dataset) {
  const std::vector<Stack> stacks = linear_stacks(settings, *dataset.encoding);
  const TaskRequest request{stacks, settings.loss, settings.metrics, {}, {}, {}};
  LinearModel out;
  out.learner = settings.task.as<Task>()->learner(request, dataset.encoding);
  Network& network = out.learner->network();
  if (network.parameter_count() > most_parameters) {
    out.learner.reset();
    out.why_none = "it would have too many weights";
    return out;
  }
  network.initialise(0);
  const auto rows = dataset.part(Part::training);
  const auto affordable =
      static_cast<std::int64_t>(work / (row_work + static_cast<double>(network.parameter_count())));
  out.rows = std::min(static_cast<std::int64_t>(rows.size()), std::max(least_fitted, affordable));
  Objective objective(*out.learner, *dataset.rows, evenly_spaced(rows, out.rows));
  if (!minimise(objective, network)) {
    out.learner.reset();
    out.why_none = "its loss is not finite";
  }
  return out;
}

}  // namespace bpnet
