// Gradients through whole networks: every table entry, blocks too, between two dense layers; in double only.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>

#include "layer_run.hpp"
#include "model/network.hpp"
#include "spec/spec.hpp"

using namespace bpnet;
using namespace bpnet::gradients;

namespace {

constexpr int samples = 4;

Port columns(bool with_steps) {
  Port port;
  port.shape = {6};
  port.time = with_steps ? 1 : 0;
  return port;
}

struct Bench {
  /// `steps` > 0: a sequence of up to so many rows.
  explicit Bench(const std::vector<std::string>& list, int members = 1, int steps = 0)
      : network(graph_of(columns(steps > 0), list, members)), extent{samples, {steps}} {
    network.initialise(3);
    fit_by_formula(network, extent);
    const auto values = network.weights().values;  // norms off their first values, biases off zero
    for (const Segment& s : network.weights().segments)
      for (std::size_t i = 0; i < s.size(); ++i)
        values[s.begin + i] += static_cast<Real>(0.1 * formula(5, s.begin + i));
    std::iota(order.begin(), order.end(), std::int64_t{0});
  }
  double loss() {
    Run& run = network.run(extent, Mode::training);
    fill_by_formula(run.inputs());
    const View in = run.inputs()[0];
    if (extent.steps[0] > 0)
      for (int i = 0; i < samples; ++i)
        run.lengths(1)[static_cast<std::size_t>(i)] = ragged(extent.steps[0], i);
    for (std::size_t i = 0; i < in.elements(); ++i)
      if (!LayerRun::in_use(in, i)) in.reals()[i] += static_cast<Real>(padding);
    run.forward({1, 0, 0, order});
    double sum = 0;
    const View out = run.outputs()[0], gradient = run.output_gradients()[0];
    for (std::size_t i = 0; i < out.elements(); ++i) {
      const double g = LayerRun::in_use(out, i) ? formula(20, i) : 0;
      gradient.reals()[i] = static_cast<Real>(g);
      sum += double{out.reals()[i]} * g;
    }
    return sum;
  }
  void backward() { network.run(extent, Mode::training).backward(true); }
  Network network;
  Extent extent;
  double padding = 0;  // added to inputs at steps that are not in use
  std::array<std::int64_t, samples> order{};
};

void check(const std::vector<std::string>& list, int members = 1, int steps = 0) {
  Bench bench(list, members, steps);
  bench.loss();
  bench.backward();
  const Weights weights = bench.network.weights();
  const std::vector<Real> gradients(weights.gradients.begin(), weights.gradients.end());
  const double eps = 1e-6;
  int kinks = 0;
  for (const Segment& s : weights.segments) {
    if (s.frozen) continue;
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
    const Inputs inputs = inputs_of(entry->input);
    if (inputs.ports.empty()) continue;  // it needs more than one input
    const Shape shape = inputs.ports[0].shape;
    if (inputs.ports[0].time > 0) {
      check({"dense: " + std::to_string(shape.elements()), entry->example, "tanh", "output"}, 1,
            inputs.extent.of(1));
      continue;
    }
    std::string sizes;
    for (int size : shape.sizes()) sizes += (sizes.empty() ? "" : ", ") + std::to_string(size);
    check({"dense: " + std::to_string(shape.elements()), "reshape: [" + sizes + "]", entry->example,
           "flatten", "dense: {units: 4, activation: tanh}", "output"});
  }
}

TEST_CASE("what lies in padding changes nothing") {
  int seen = 0;
  for (const Entry* entry : layers.entries) {
    const Inputs inputs = inputs_of(entry->input);
    if (inputs.ports.empty() || inputs.ports[0].time == 0) continue;
    ++seen;
    CAPTURE(entry->name);
    Bench bench({entry->example, "output"}, 1, inputs.extent.of(1));
    const auto gradients = [&](double padding) {
      bench.padding = padding;
      bench.loss();
      bench.backward();
      const auto all = bench.network.weights().gradients;
      return std::vector<Real>(all.begin(), all.end());
    };
    const double loss = bench.loss();
    const std::vector<Real> once = gradients(0);
    CHECK(gradients(1000) == once);
    CHECK(bench.loss() == loss);
  }
  CHECK(seen >= 3);
}

namespace {
/// A block as the only element of a network, against what PyTorch computed.
void check_record(const nlohmann::json& record) {
  constexpr bool is_double = sizeof(Real) == 8;
  // Of a tensor whose greatest number is `top`: sums may cancel.
  const auto near = [](double got, double want, double top) {
    return std::abs(got - want) <=
           (is_double ? 1e-9 : 5e-5) * std::abs(want) + (is_double ? 1e-10 : 1e-5) * std::max(1.0, top);
  };
  CAPTURE(record["block"].get<std::string>());
  Graph graph({{"", 1}});
  Port port;
  port.shape = {record.value("width", 7)};
  port.time = record.contains("steps") ? 1 : 0;
  const Extent extent = {samples, {record.value("steps", 0)}};
  if (record.contains("features") && !record["features"].is_null()) {
    CAPTURE(record["features"].dump());
    auto widths = record["features"].get<std::vector<int>>();
    const int numbers = widths[0];
    widths.erase(widths.begin());
    port.features = std::make_shared<Features>(Features{numbers, widths});
  }
  const int in = graph.add_input("main.numbers", port);
  Stack stack;
  stack.name = "main";
  stack.layers = {parse_choice(layers, record["block"])};
  graph.serve(0, graph.add_stack(stack, in));
  Network network(std::move(graph));
  network.initialise(1);
  fit_by_formula(network, extent);
  const Weights weights = network.weights();
  for (std::size_t p = 0; p < weights.segments.size(); ++p)
    for (std::size_t i = 0; i < weights.segments[p].size(); ++i)
      weights.values[weights.segments[p].begin + i] = static_cast<Real>(formula(10 + static_cast<int>(p), i));

  Run& run = network.run(extent, Mode::training);
  fill_by_formula(run.inputs());
  for (int i = 0; i < samples && port.time > 0; ++i)
    run.lengths(1)[static_cast<std::size_t>(i)] = ragged(extent.steps[0], i);
  run.forward({});
  const View out = run.outputs()[0];
  REQUIRE(record["out"].size() == out.elements());
  for (std::size_t i = 0; i < out.elements(); ++i) {
    const bool used = LayerRun::in_use(out, i);
    run.output_gradients()[0].reals()[i] = used ? static_cast<Real>(formula(20, i)) : Real{0};
    if (used) CHECK(near(double{out.reals()[i]}, record["out"][i], 1));
  }
  run.backward(true);
  REQUIRE(record["gradients"].size() == weights.segments.size());
  for (std::size_t p = 0; p < weights.segments.size(); ++p) {
    CAPTURE(weights.segments[p].path);
    const auto wanted = record["gradients"][p].get<std::vector<double>>();
    REQUIRE(wanted.size() == weights.segments[p].size());
    double top = 0;
    for (const double x : wanted) top = std::max(top, std::abs(x));
    for (std::size_t i = 0; i < wanted.size(); ++i)
      CHECK_MESSAGE(near(double{weights.gradients[weights.segments[p].begin + i]}, wanted[i], top),
                    weights.gradients[weights.segments[p].begin + i], " against ", wanted[i]);
  }
}
}  // namespace

TEST_CASE("blocks, and layers of sequences of ragged lengths, agree with PyTorch") {
  for (const char* name : {"blocks", "sequences"}) {
    std::ifstream file(std::string(BPNET_SOURCE "/tests/reference/") + name + ".json");
    for (const auto& record : nlohmann::json::parse(file)) check_record(record);
  }
}

TEST_CASE("gradients through pixels and columns as the steps of a sequence") {
  if (sizeof(Real) != 8) return;
  const std::string attention = "transformer: {heads: 2, units: 4, feed_forward: 6}";
  check({"dense: 24", "reshape: [2, 3, 4]", "steps", "positions: learned", attention, "temporal_pool: mean",
         "output"});
  check({"feature_tokens: {units: 4, class_token: true}", "steps", attention, "temporal_pool: first",
         "output"});
  check({"dense: 12", "reshape: [4, 3]", "steps", "conv1d: {channels: 4, kernel_size: 3, padding: same}",
         "temporal_pool: max", "output"});
  check({"dense: 12", "reshape: [4, 3]", "steps", "batch_norm", "gru: {units: 3, output: last}", "output"});
}

TEST_CASE("gradients through what is computed with the layers behind it") {
  if (sizeof(Real) != 8) return;
  check({"dense: 24", "reshape: [4, 3, 2]", "batch_norm", "relu", "flatten", "output"});
  check({"dense: 24", "reshape: [4, 3, 2]", "batch_norm", "max_pool2d: {kernel_size: [2, 3]}", "flatten",
         "output"});
  check({"dense: 24", "reshape: [4, 2, 3]", "batch_norm", "relu", "max_pool2d: 2", "flatten", "output"});
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
  check({"periodic: {frequencies: 2, units: 3, activation: tanh}", "swiglu: 4", "cross: {depth: 2, rank: 3}",
         "maxout: 4", "output"},
        3);
  check({"parallel: {branches: [[{periodic: {frequencies: 2, units: none}}], [{dense: 3}], []]}", "output"},
        3);
}

TEST_CASE("a frozen layer has no gradient, those before it still have") {
  Bench bench({"dense: 5", "tanh", "dense: {units: 4, freeze: true}", "output"});
  bench.loss();
  bench.backward();
  const Weights weights = bench.network.weights();
  for (const Segment& s : weights.segments) {
    double sum = 0;
    for (std::size_t i = 0; i < s.size(); ++i) sum += std::abs(double{weights.gradients[s.begin + i]});
    CAPTURE(s.path);
    CHECK((sum == 0) == s.frozen);
  }
}

TEST_CASE("gradients through a frozen batch_norm, which computes with what it keeps") {
  if (sizeof(Real) != 8) return;
  check({"dense: 5", "batch_norm: {freeze: true}", "tanh", "output"});
  check({"dense: 5", "batch_norm: {freeze: true}", "relu", "output"});
}
