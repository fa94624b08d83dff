// Gradients through whole networks: every table entry, blocks too, between two dense layers; in double only.

#include <doctest/doctest.h>

#include <numeric>

#include "layer_run.hpp"
#include "model/network.hpp"
#include "spec/spec.hpp"

using namespace bpnet;
using namespace bpnet::gradients;

namespace {

constexpr int samples = 4;

struct Bench {
  explicit Bench(const std::vector<std::string>& list, int members = 1) : network(make_graph(list, members)) {
    network.initialise(3);
    const auto values = network.weights().values;  // norms off their first values, biases off zero
    for (const Segment& s : network.weights().segments)
      for (std::size_t i = 0; i < s.size(); ++i)
        values[s.begin + i] += static_cast<Real>(0.1 * formula(5, s.begin + i));
    std::iota(order.begin(), order.end(), std::int64_t{0});
  }
  static Graph make_graph(const std::vector<std::string>& list, int members) {
    Graph graph({{"", 3}});
    graph.share_members(members);
    Port port;
    port.shape = {6};
    const int in = graph.add_input("main.numbers", port);
    Stack stack;
    stack.name = "main";
    for (const std::string& yaml : list) stack.layers.push_back(parse_choice(layers, yaml));
    graph.add_stack(stack, in);
    graph.finish({});
    return graph;
  }
  double loss() {
    Run& run = network.run({samples, 1}, Mode::training);
    for (std::size_t i = 0; i < run.inputs()[0].elements(); ++i)
      run.inputs()[0].reals()[i] = static_cast<Real>(formula(0, i));
    run.forward({1, 0, 0, order});
    double sum = 0;
    const View out = run.outputs()[0], gradient = run.output_gradients()[0];
    for (std::size_t i = 0; i < out.elements(); ++i) {
      gradient.reals()[i] = static_cast<Real>(formula(20, i));
      sum += double{out.reals()[i]} * formula(20, i);
    }
    return sum;
  }
  Network network;
  std::array<std::int64_t, samples> order{};
};

void check(const std::vector<std::string>& list, int members = 1) {
  Bench bench(list, members);
  bench.loss();
  bench.network.run({samples, 1}, Mode::training).backward(true);
  const Weights weights = bench.network.weights();
  const std::vector<Real> gradients(weights.gradients.begin(), weights.gradients.end());
  const double eps = 1e-6;
  int kinks = 0;
  for (const Segment& s : weights.segments) {
    CAPTURE(s.path);
    for (std::size_t i = s.begin; i < s.begin + s.size(); i += 3) {
      const Real was = weights.values[i];
      const auto value = [&](double shift) {
        weights.values[i] = static_cast<Real>(was + shift);
        return bench.loss();
      };
      const double up = value(eps), down = value(-eps), here = value(0);
      if (std::abs((up - here) - (here - down)) > 1e-3 * eps * std::max(1.0, std::abs(up - down) / eps)) {
        ++kinks;
        continue;
      }
      const double numeric = (up - down) / (2 * eps), analytic = gradients[i];
      CHECK(std::abs(numeric - analytic) <= 1e-6 * std::max(std::abs(numeric), std::abs(analytic)) + 1e-8);
    }
  }
  CHECK(kinks <= 8);
}

}  // namespace

TEST_CASE("gradients through networks of every layer and block") {
  if (sizeof(Real) != 8) return;
  for (const Entry* entry : layers.entries) {
    const std::string name = entry->name;
    if (name == "embedding" || name == "output") continue;
    CAPTURE(name);
    check({"dense: 7", entry->example, "dense: {units: 4, activation: tanh}", "output"});
  }
}

TEST_CASE("gradients through blocks in blocks, and values used twice") {
  if (sizeof(Real) != 8) return;
  check({"dense: 5", "residual: {layers: [{dense: 8}, tanh], projection: true}", "output"});
  check({"dense: 5", "parallel: {branches: [[], [{dense: 5}, sigmoid], [tanh]], merge: add}", "output"});
  check({"dense: 5", "residual: [{parallel: {branches: [[tanh], [{dense: 2}], [{dense: 1}]]}}, {dense: 5}]",
         "tanh", "sigmoid", "output"});
  check({"repeat: {times: 3, layers: [{residual: [layer_norm, {dense: 6}, gelu]}]}", "output"});
}

TEST_CASE("gradients of members that share weights") {
  if (sizeof(Real) != 8) return;
  check({"dense: {units: 5, activation: tanh}", "residual: [layer_norm, {dense: 5}, sigmoid]", "output"}, 3);
  check({"dense: {units: 5, bias: false}", "batch_norm", "tanh", "output: {bias: false}"}, 4);
  check({"tanh", "output"}, 2);
}

TEST_CASE("a frozen layer has no gradient, those before it still have") {
  Bench bench({"dense: 5", "tanh", "dense: {units: 4, freeze: true}", "output"});
  bench.loss();
  bench.network.run({samples, 1}, Mode::training).backward(true);
  const Weights weights = bench.network.weights();
  for (const Segment& s : weights.segments) {
    double sum = 0;
    for (std::size_t i = 0; i < s.size(); ++i) sum += std::abs(double{weights.gradients[s.begin + i]});
    CAPTURE(s.path);
    CHECK((sum == 0) == s.frozen);
  }
}
