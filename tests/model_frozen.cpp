// A layer that is frozen keeps what it has seen of the rows, too.

#include <doctest/doctest.h>

#include <cmath>

#include "graph_help.hpp"
#include "model/network.hpp"

using namespace bpnet;

namespace {

constexpr int samples = 5, width = 3;

Network network_of(const std::vector<std::string>& list) { return Network(graph_of(list, 2, {width})); }

}  // namespace

TEST_CASE("a frozen batch_norm computes with its running statistics in training, and keeps them") {
  for (const std::string block :
       {"batch_norm: {freeze: true}", "residual: {freeze: true, layers: [batch_norm], skip: [{dense: 3}]}"}) {
    CAPTURE(block);
    const bool alone = block.starts_with("batch_norm");
    Network network = network_of({block, "output"});
    network.initialise(1);
    const auto buffers = network.buffer_values();
    const auto segments = network.buffer_segments();
    for (int i = 0; i < width; ++i) {
      buffers[segments[0].begin + static_cast<std::size_t>(i)] = static_cast<Real>(0.5 * i);
      buffers[segments[1].begin + static_cast<std::size_t>(i)] = static_cast<Real>(1 + i);
    }
    const std::vector<Real> kept(buffers.begin(), buffers.end());
    Run& run = network.run({samples}, Mode::training);
    std::vector<Real> in;
    for (int i = 0; i < samples * width; ++i) in.push_back(static_cast<Real>(std::sin(3 * i)));
    std::copy(in.begin(), in.end(), run.inputs()[0].reals());
    run.forward({});
    const Real* out = run.value(1).reals();
    for (int i = 0; alone && i < samples * width; ++i) {
      const int column = i % width;
      const double expected =
          (double{in[static_cast<std::size_t>(i)]} - 0.5 * column) / std::sqrt(1 + column + 1e-5);
      CHECK(double{out[i]} == doctest::Approx(expected).epsilon(1e-5));
    }
    const View gradient = run.output_gradients()[0];
    std::fill_n(gradient.reals(), gradient.elements(), Real{1});
    run.backward(true);
    run.commit();
    CHECK(std::equal(kept.begin(), kept.end(), buffers.begin()));
  }
}

TEST_CASE("a batch_norm that is not frozen moves its running statistics") {
  Network network = network_of({"batch_norm", "output"});
  network.initialise(1);
  Run& run = network.run({samples}, Mode::training);
  for (int i = 0; i < samples * width; ++i) run.inputs()[0].reals()[i] = static_cast<Real>(i);
  run.forward({});
  run.commit();
  CHECK(network.buffer_values()[0] != 0);
}
