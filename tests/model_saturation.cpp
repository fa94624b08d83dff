#include "model/saturation.hpp"

#include <doctest/doctest.h>

#include "graph_help.hpp"

using namespace bpnet;

namespace {

Graph graph_of(const std::vector<std::string>& list, int time = 0) { return ::graph_of(list, 3, {8}, time); }

bool warns(const std::string& layers_of_all) {
  return saturation(graph_of({"repeat: {times: 3, layers: [" + layers_of_all + "]}", "output"})).has_value();
}

}  // namespace

TEST_CASE("a deep stack of saturating activations is warned of") {
  for (const char* name : {"sigmoid", "tanh", "softsign", "hard_sigmoid", "hard_tanh"}) {
    CAPTURE(name);
    const std::string pair =
        std::string("{dense: 8}, ") + name + ", {dense: {units: 8, activation: " + name + "}}";
    CHECK(warns(pair));
    CHECK_FALSE(warns(pair + ", layer_norm"));
    CHECK_FALSE(warns("{batch_norm: {scale: false}}, " + pair));
    CHECK_FALSE(warns("{residual: [" + pair + "]}"));
  }
  CHECK_FALSE(warns("{dense: 8}, relu, {dense: 8}, gelu"));
  CHECK(saturation(graph_of({"{rnn: {units: 8, layers: 6}}", "output"}, 1)).has_value());
  CHECK_FALSE(
      saturation(graph_of({"{rnn: {units: 8, layers: 6, activation: relu}}", "output"}, 1)).has_value());
  CHECK_FALSE(saturation(graph_of({"{gru: {units: 8, layers: 6}}", "output"}, 1)).has_value());
  CHECK(warns("{parallel: {branches: [[tanh, tanh], []], merge: concat}}, {dense: 8}"));
  const auto told = saturation(graph_of({"tanh", "tanh", "tanh", "sigmoid", "tanh", "tanh", "output"}));
  REQUIRE(told.has_value());
  CHECK(told->severity == Severity::warning);
  CHECK(
      told->message.starts_with("6 saturating activations behind one another, from main.1 (tanh) to main.6"));
  CHECK_FALSE(
      saturation(graph_of({"tanh", "tanh", "tanh", "sigmoid", "tanh", "relu", "output"})).has_value());
}
