// Gradients of inputs as explanations need them: of what inference computes, against central differences.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "layer_run.hpp"
#include "model/network.hpp"
#include "spec/spec.hpp"

using namespace bpnet;
using namespace bpnet::gradients;

namespace {

constexpr int samples = 2;
constexpr bool is_double = sizeof(Real) == 8;

// Parameters off their first values, running statistics off 0 and 1.
void stir(const Network& network) {
  for (const Segment& s : network.weights().segments)
    for (std::size_t i = 0; i < s.size(); ++i)
      network.weights().values[s.begin + i] += static_cast<Real>(0.1 * formula(5, s.begin + i));
  for (const Segment& s : network.buffer_segments())
    for (std::size_t i = 0; i < s.size(); ++i)
      if (s.path.ends_with("running_mean"))
        network.buffer_values()[s.begin + i] = static_cast<Real>(0.3 * formula(6, i));
      else if (s.path.ends_with("running_var"))
        network.buffer_values()[s.begin + i] = static_cast<Real>(1 + 0.5 * formula(7, i));
}

void check(const Port& port, const std::vector<std::string>& list, const Extent& extent = {samples}) {
  Network network(graph_of(port, list));
  network.initialise(3);
  fit_by_formula(network, extent);
  stir(network);
  Run& run = network.run(extent, Mode::explaining);
  Run& plain = network.run(extent, Mode::inference);
  network.run(extent, Mode::explaining);  // the arena may have grown
  fill_by_formula(run.inputs());
  run.forward({});
  const std::size_t outputs = run.outputs()[0].elements(), inputs = run.inputs()[0].elements();
  const std::vector<Real> out(run.outputs()[0].reals(), run.outputs()[0].reals() + outputs);
  for (std::size_t i = 0; i < outputs; ++i)
    run.output_gradients()[0].reals()[i] = static_cast<Real>(formula(20, i));
  run.backward(false);
  REQUIRE(run.gradient(0));
  const std::vector<Real> gradient(run.gradient(0).reals(), run.gradient(0).reals() + inputs);
  for (const Real x : network.weights().gradients) REQUIRE(x == 0);

  network.run(extent, Mode::inference);
  const auto projection = [&](std::size_t at, double shift) {
    fill_by_formula(plain.inputs());
    plain.inputs()[0].reals()[at] += static_cast<Real>(shift);
    plain.forward({});
    double sum = 0;
    for (std::size_t i = 0; i < outputs; ++i) sum += double{plain.outputs()[0].reals()[i]} * formula(20, i);
    return sum;
  };
  projection(0, 0);
  for (std::size_t i = 0; i < outputs; ++i) CHECK(plain.outputs()[0].reals()[i] == out[i]);
  const double eps = is_double ? 1e-6 : 2e-3, kink = is_double ? 1e-3 : 2e-2, here = projection(0, 0);
  int kinks = 0;
  for (std::size_t i = 0; i < inputs; ++i) {
    const double up = projection(i, eps), down = projection(i, -eps);
    const double numeric = (up - down) / (2 * eps), analytic = double{gradient[i]};
    if (std::abs((up - here) - (here - down)) > kink * eps * std::max(1.0, std::abs(numeric))) {
      ++kinks;
      continue;
    }
    CAPTURE(i);
    CAPTURE(numeric);
    CAPTURE(analytic);
    CHECK(std::abs(numeric - analytic) <=
          (is_double ? 1e-6 * std::max(0.1, std::abs(numeric)) : 2e-2 * std::max(1.0, std::abs(numeric))));
  }
  CHECK(kinks <= static_cast<int>(inputs) / 4);
}

Port image(int height, int width, int channels) {
  Port port;
  port.shape = {height, width, channels};
  return port;
}

}  // namespace

TEST_CASE("gradients of inputs through every layer, as inference computes it") {
  for (const Entry* entry : layers.entries) {
    const std::string name = entry->name;
    const Inputs inputs = inputs_of(entry->input);
    if (inputs.ports.empty()) continue;  // it needs more than one input
    const Port port = inputs.ports[0];
    if (name == "output" || port.type != Type::real) continue;
    CAPTURE(name);
    if (port.time > 0) {
      check(port, {entry->example, "tanh", "output"}, {samples, inputs.extent.steps});
      continue;
    }
    check(port, {entry->example, "flatten", "dense: {units: 4, activation: tanh}", "output"});
  }
}

TEST_CASE("gradients of inputs through convolutions that rectify and pool, with running statistics") {
  const std::string conv = "conv2d: {channels: 5, kernel_size: 3, padding: same, bias: false}";
  check(image(6, 6, 2), {conv, "batch_norm", "relu", "max_pool2d: 2", "flatten", "dropout: 0.5", "output"});
  check(image(6, 6, 1),
        {"conv2d: {channels: 4, kernel_size: 3}", "relu", "max_pool2d: 2", "flatten", "output"});
  check(image(5, 5, 1),
        {"residual: [{conv2d: {channels: 1, kernel_size: 3, padding: same}}, batch_norm, tanh]",
         "drop_path: 0.5", "global_average_pool", "output"});
}

TEST_CASE("every node's value and gradient is there afterwards; codes have none") {
  Network network(graph_of(image(4, 4, 1), {"tanh", "residual: [sigmoid]", "flatten", "output"}));
  network.initialise(1);
  Run& run = network.run({1}, Mode::explaining);
  fill_by_formula(run.inputs());
  run.forward({});
  for (std::size_t i = 0; i < 3; ++i) run.output_gradients()[0].reals()[i] = Real{1};
  run.backward(false);
  const auto nodes = network.graph().nodes();
  for (std::size_t n = 0; n < nodes.size(); ++n) {
    CAPTURE(nodes[n].path);
    CHECK(run.value(n));
    CHECK(run.gradient(n));
  }
  // tanh is read twice: what comes through the sigmoid and what goes past it are added.
  for (std::size_t i = 0; i < 16; ++i) {
    const double t = std::tanh(formula(0, i)), s = 1 / (1 + std::exp(-t));
    double above = 0;
    for (std::size_t k = 0; k < 3; ++k) above += double{network.weights().values[i * 3 + k]};
    CHECK(double{run.gradient(1).reals()[i]} == doctest::Approx(above * (1 + s * (1 - s))).epsilon(1e-4));
    CHECK(double{run.gradient(0).reals()[i]} ==
          doctest::Approx(above * (1 + s * (1 - s)) * (1 - t * t)).epsilon(1e-4));
  }
  Port codes;
  codes.type = Type::i32;
  codes.shape = {2};
  codes.classes = 5;
  Network embedded(graph_of(codes, {"embedding: 3", "flatten", "output"}));
  CHECK(!embedded.run({1}, Mode::explaining).gradient(0));
}
