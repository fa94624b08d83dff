// Networks on sequences: text written step by step, threads, and memory.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "allocations.hpp"
#include "graph_help.hpp"
#include "layers/transformer.hpp"
#include "math/threads.hpp"
#include "math_help.hpp"
#include "model/network.hpp"
#include "spec/spec.hpp"

using namespace bpnet;

namespace {

constexpr int width = 12;

Port sequence(int time) {
  Port port;
  port.shape = {width};
  port.time = time;
  return port;
}

Graph graph_of(const std::vector<std::string>& list) { return ::graph_of(list, 5, {width}, 1); }

Real value(int sample, int step, int i) {
  return static_cast<Real>(std::sin(0.9 * sample + 1.7 * step + 0.31 * i * (step + 1)));
}

/// Steps from `first` on of every sample.
void fill(const View& in, int first) {
  Real* to = in.reals();
  for (int s = 0; s < in.samples; ++s)
    for (int t = 0; t < in.steps; ++t)
      for (int i = 0; i < in.width(); ++i) *to++ = value(s, first + t, i);
}

/// Output of a network whose first input is written some steps a call against that of all steps at once.
void check_generating(Network& network, Extent all) {
  Run& whole = network.run(all, Mode::inference);
  for (const int steps : {1, 3}) {
    Extent some = all;
    some.steps[0] = steps;
    some.positions = all.steps[0];
    Run& run = network.run(some, Mode::generating);
    for (int again = 0; again < 2; ++again) {
      network.run(all, Mode::inference);  // the arena may have grown
      for (const View& in : whole.inputs()) fill(in, 0);
      whole.forward({});
      const View want = whole.outputs()[0];
      const std::vector<Real> wanted(want.reals(), want.reals() + want.elements());
      network.run(some, Mode::generating);
      run.restart();
      for (int first = 0; first < all.steps[0]; first += steps) {
        for (std::size_t i = 0; i < run.inputs().size(); ++i) fill(run.inputs()[i], i == 0 ? first : 0);
        run.forward({});
        const View out = run.outputs()[0];
        for (int s = 0; s < out.samples; ++s)
          for (int t = 0; t < steps; ++t)
            for (int i = 0; i < out.width(); ++i) {
              CAPTURE(steps);
              CAPTURE(first + t);
              const auto at = static_cast<std::size_t>((s * all.steps[0] + first + t) * out.width() + i);
              CHECK(out.reals()[(s * steps + t) * out.width() + i] ==
                    doctest::Approx(wanted[at]).epsilon(1e-4));
            }
      }
    }
  }
}

}  // namespace

TEST_CASE("what is written step by step is what all steps at once give") {
  for (const char* layer :
       {"rnn: 7", "lstm: {units: 9, layers: 2}", "gru: {units: 8, layers: 2, dropout: 0.5}",
        "attention: {heads: 3, causal: true}",
        "attention: {heads: 6, kv_heads: 2, causal: true, rotary: true}", "positions", "positions: learned",
        "conv1d: {channels: 7, kernel_size: 3, dilation: 2, causal: true, activation: relu}",
        "conv1d: {depthwise: true, kernel_size: 4, causal: true}", "conv1d: {channels: 5, kernel_size: 1}",
        "transformer: {layers: 2, heads: 2, causal: true, dropout: 0.1}",
        "transformer: {heads: 3, causal: true, rotary: true, activation: swiglu, kv_heads: 1, norm: post}"}) {
    CAPTURE(layer);
    Network network(graph_of({layer, "output"}));
    network.initialise(3);
    check_generating(network, {3, {9}});
  }
}

TEST_CASE("a Transformer with a memory writes step by step what all steps at once give") {
  Graph graph({{"", 5}});
  const int in = graph.add_input("main.numbers", sequence(1));
  const int memory = graph.add_input("main.memory", sequence(2));
  TransformerOptions options;
  options.depth = 2;
  options.attention.heads = 2;
  options.attention.causal = true;
  graph.serve(0, add_transformer(graph, options, in, memory));
  Network network(std::move(graph));
  network.initialise(3);
  check_generating(network, {2, {6, 4}});
}

TEST_CASE("states kept for steps to come can be taken over by other samples") {
  for (const char* layer :
       {"lstm: {units: 9, layers: 2}", "attention: {heads: 3, causal: true, rotary: true}",
        "conv1d: {channels: 8, kernel_size: 4, causal: true}"}) {
    CAPTURE(layer);
    Network network(graph_of({layer, "output"}));
    network.initialise(3);
    Run& run = network.run({3, {2}, 4}, Mode::generating);
    const std::vector<int> parents = {2, 2, 0};
    const auto written = [&](bool taken) {
      run.restart();
      fill(run.inputs()[0], 0);
      run.forward({});
      if (taken) run.take_over(parents);
      for (int s = 0; s < 3; ++s)  // the same steps for all samples of one parent
        for (int i = 0; i < 2 * width; ++i)
          run.inputs()[0].reals()[s * 2 * width + i] =
              value(taken ? parents[static_cast<std::size_t>(s)] : s, 2 + i / width, i % width);
      run.forward({});
      const View out = run.outputs()[0];
      return std::vector<Real>(out.reals(), out.reals() + out.elements());
    };
    const std::vector<Real> plain = written(false), taken = written(true);
    const std::size_t sample = plain.size() / 3;
    for (std::size_t i = 0; i < plain.size(); ++i)
      CHECK(taken[i] == plain[static_cast<std::size_t>(parents[i / sample]) * sample + i % sample]);
  }
}

namespace {

/// A training step; the gradients.
struct Step {
  explicit Step(const std::vector<std::string>& list, const Extent& extent)
      : network(graph_of(list)), run(network.run(extent, Mode::training)) {
    network.initialise(3);
    order.resize(static_cast<std::size_t>(extent.samples));
    std::iota(order.begin(), order.end(), std::int64_t{0});
  }
  void take() {
    fill(run.inputs()[0], 0);
    for (std::size_t i = 0; i < run.lengths(1).size(); ++i)
      run.lengths(1)[i] = i == 7 ? 0 : run.extent().steps[0] - static_cast<int>(i % 5);
    run.forward({1, 0, 0, order});
    const View out = run.outputs()[0], gradient = run.output_gradients()[0];
    for (int r = 0; r < out.rows(); ++r)
      for (int i = 0; i < out.width(); ++i) {
        const bool used =
            out.lengths.empty() || r % out.steps < out.lengths[static_cast<std::size_t>(r / out.steps)];
        const int at = r * out.width() + i;
        gradient.reals()[at] = used ? out.reals()[at] - value(r, i, 3) : Real{0};
      }
    run.backward(true);
  }
  Network network;
  Run& run;
  std::vector<std::int64_t> order;
};

const std::vector<std::string> lists[] = {
    {"lstm: {units: 40, layers: 2, bidirectional: true, dropout: 0.2}", "output"},
    {"gru: {units: 33, output: last}", "output"},
    {"rnn: {units: 48, activation: relu}", "temporal_pool: attention", "output"},
    {"transformer: {layers: 2, heads: 4, units: 32, causal: true, dropout: 0.1}", "temporal_pool", "output"},
    {"dense: 40", "positions: learned", "transformer: {heads: 4, kv_heads: 2, rotary: true}", "output"}};

}  // namespace

TEST_CASE("layers of sequences have the same bits on any number of threads") {
  for (const auto& list : lists) {
    CAPTURE(list[0]);
    CHECK(math_test::same_on_any_threads([&] {
      Step step(list, {50, {21}});
      step.take();
      const auto gradients = step.network.weights().gradients;
      math_test::Numbers all(gradients.size());
      std::copy(gradients.begin(), gradients.end(), all.data());
      CHECK(std::all_of(gradients.begin(), gradients.end(), [](Real x) { return std::isfinite(x); }));
      return all;
    }));
  }
}

TEST_CASE("a step through layers of sequences takes nothing from the heap") {
  for (const auto& list : lists) {
    CAPTURE(list[0]);
    Step step(list, {20, {11}});
    step.take();
    const long before = allocations::count();
    step.take();
    CHECK(allocations::count() == before);
  }
}
