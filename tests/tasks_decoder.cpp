// Texts are found as a search of all texts would find them, and step by step as by the whole network.

#include <doctest/doctest.h>

#include <cmath>

#include "spec/spec.hpp"
#include "tasks/sampling.hpp"
#include "tasks/sequence_to_sequence.hpp"

using namespace bpnet;

namespace {

constexpr int tokens = 5, longest = 5;

Graph small_graph() {
  Graph graph({{"", tokens}});
  Port port;
  port.type = Type::i32;
  port.shape = Shape{1};
  port.classes = tokens;
  port.time = 1;
  const int read = graph.add_input("encoder.tokens", port);
  port.time = 2;
  const int told = graph.add_input("decoder.tokens", port);
  const auto stack = [](const char* name, std::vector<const char*> list) {
    Stack out;
    out.name = name;
    for (const char* yaml : list) out.layers.push_back(parse_choice(layers, yaml));
    return out;
  };
  graph.remember(graph.add_stack(
      stack("encoder", {"embedding: 8", "{gru: {units: 8, bidirectional: true}}", "dense: 8"}), read));
  graph.add_stack(stack("decoder", {"embedding: 8", "{positions: sinusoidal}", "{lstm: 8}",
                                    "{transformer: {heads: 2, units: 8, causal: true}}", "output"}),
                  told);
  graph.finish({});
  return graph;
}

struct Bench {
  Network network{small_graph()};
  Bench() {
    network.initialise(3);
    for (Real& x : network.weights().values) x *= Real{3};  // surer of what it tells
  }
  // Logarithm of the probability of a text with its end, by the whole network at once.
  double score(const std::vector<std::int32_t>& read, std::vector<std::int32_t> told) {
    const auto steps = static_cast<int>(told.size()) + 1;
    Run& run = network.run({1, {static_cast<int>(read.size()), steps}}, Mode::inference);
    std::copy(read.begin(), read.end(), run.inputs()[0].integers());
    run.inputs()[1].integers()[0] = Tokenizer::begin;
    std::copy(told.begin(), told.end(), run.inputs()[1].integers() + 1);
    run.forward({});
    told.push_back(Tokenizer::end);
    double sum = 0;
    const Real* logits = run.outputs()[0].reals();
    for (int s = 0; s < steps; ++s, logits += tokens) {
      double all = 0;
      for (int i = 0; i < tokens; ++i) all += std::exp(static_cast<double>(logits[i]));
      sum += static_cast<double>(logits[told[static_cast<std::size_t>(s)]]) - std::log(all);
    }
    return sum;
  }
  std::vector<std::int32_t> best(const std::vector<std::int32_t>& read, double penalty) {
    std::vector<std::int32_t> best_text;
    double best_score = -1e300;
    for (int length = 0; length < longest; ++length)
      for (int code = 0; code < 1 << length; ++code) {
        std::vector<std::int32_t> told;
        for (int i = 0; i < length; ++i) told.push_back(3 + (code >> i & 1));
        const double of = score(read, told) / std::pow(length + 1, penalty);
        if (of > best_score) {
          best_score = of;
          best_text = told;
        }
      }
    return best_text;
  }
};

std::vector<std::vector<std::int32_t>> find(Bench& bench, const std::vector<std::vector<std::int32_t>>& read,
                                            Decoding decoding) {
  std::size_t steps = 0;
  for (const auto& text : read) steps = std::max(steps, text.size());
  Decoder decoder(bench.network, decoding);
  return decoder.run(static_cast<int>(read.size()), static_cast<int>(steps), [&](Run& run, int beam) {
    for (std::size_t i = 0; i < read.size() * static_cast<std::size_t>(beam); ++i) {
      const auto& text = read[i / static_cast<std::size_t>(beam)];
      std::copy(text.begin(), text.end(), run.inputs()[0].integers() + i * steps);
      run.lengths(1)[i] = static_cast<int>(text.size());
    }
  });
}

}  // namespace

TEST_CASE("a wide beam finds the best of all texts") {
  Bench bench;
  const std::vector<std::vector<std::int32_t>> read = {{3}, {4, 3, 3}, {3, 4, 4, 3}, {4, 4}};
  for (const double penalty : {0.0, 0.6, 1.0, 2.0}) {
    const auto found = find(bench, read, {40, penalty, longest});
    for (std::size_t i = 0; i < read.size(); ++i) CHECK(found[i] == bench.best(read[i], penalty));
  }
}

TEST_CASE("a beam of one takes the most probable token each time") {
  Bench bench;
  for (const std::vector<std::int32_t>& read : {std::vector<std::int32_t>{3, 4}, {4}, {4, 3, 4, 3, 3}}) {
    const auto found = find(bench, {read}, {1, 1, longest})[0];
    std::vector<std::int32_t> told;
    while (static_cast<int>(told.size()) + 1 < longest) {
      // Which token: the one with which the text so far, cut there, loses least.
      Run& run = bench.network.run({1, {static_cast<int>(read.size()), static_cast<int>(told.size()) + 1}},
                                   Mode::inference);
      std::copy(read.begin(), read.end(), run.inputs()[0].integers());
      run.inputs()[1].integers()[0] = Tokenizer::begin;
      std::copy(told.begin(), told.end(), run.inputs()[1].integers() + 1);
      run.forward({});
      const Real* last = run.outputs()[0].reals() + told.size() * tokens;
      const auto token =
          static_cast<std::int32_t>(std::max_element(last + Tokenizer::end, last + tokens) - last);
      if (token == Tokenizer::end) break;
      told.push_back(token);
    }
    CHECK(found == told);
  }
}

TEST_CASE("what is drawn keeps to its shares") {
  const std::vector<Real> logits = {9, 9, 0, 1, 2, static_cast<Real>(-1)};
  const auto shares = [&](const Sampling& sampling) {
    std::vector<double> out(logits.size());
    Sampler sampler(sampling);
    for (std::uint64_t step = 0; step < 20000; ++step)
      out[static_cast<std::size_t>(sampler.draw(logits, 2, step))] += 1 / 20000.0;
    return out;
  };
  const auto softmax = [&](double temperature, std::vector<std::size_t> kept) {
    std::vector<double> out(logits.size());
    double sum = 0;
    for (const std::size_t i : kept) sum += out[i] = std::exp(static_cast<double>(logits[i]) / temperature);
    for (double& x : out) x /= sum;
    return out;
  };
  const auto near = [](const std::vector<double>& a, const std::vector<double>& b) {
    for (std::size_t i = 0; i < a.size(); ++i) CHECK(std::abs(a[i] - b[i]) < 0.015);
  };
  near(shares({1, 0, 1, 5}), softmax(1, {2, 3, 4, 5}));
  near(shares({0.5, 0, 1, 5}), softmax(0.5, {2, 3, 4, 5}));
  near(shares({1, 2, 1, 5}), softmax(1, {3, 4}));
  near(shares({1, 0, 0.8, 5}), softmax(1, {3, 4}));  // 0.64 + 0.24 come to 0.8
  near(shares({1, 0, 0.5, 5}), softmax(1, {4}));
  near(shares({0, 0, 1, 5}), softmax(1, {4}));
}
