#include "model/graph.hpp"

#include <doctest/doctest.h>

#include "graph_help.hpp"
#include "model/network.hpp"
#include "spec/spec.hpp"

using namespace bpnet;

namespace {

Graph graph_of(const std::vector<std::string>& list, int width = 13) { return ::graph_of(list, 3, {width}); }

std::vector<std::string> paths(const Graph& graph) {
  std::vector<std::string> out;
  for (const Node& node : graph.nodes()) out.push_back(node.path + " " + node.port().shape.text());
  return out;
}

std::string message_of(const std::vector<std::string>& list) {
  try {
    graph_of(list);
  } catch (const Error& error) {
    CHECK(error.fault() == Fault::configuration);
    return error.problems()[0].message;
  }
  return "";
}

}  // namespace

TEST_CASE("an activation option and an activation item make the same graph") {
  CHECK(paths(graph_of({"dense: {units: 8, activation: relu}", "output"})) ==
        std::vector<std::string>{"main.numbers 13", "main.1 8", "main.1.relu 8", "main.2 3"});
  CHECK(paths(graph_of({"dense: 8", "relu", "output"})) ==
        std::vector<std::string>{"main.numbers 13", "main.1 8", "main.2 8", "main.3 3"});
}

TEST_CASE("names of layers and blocks become paths") {
  CHECK(paths(graph_of({"dense: {name: hidden, units: 8}", "repeat: {times: 2, layers: [tanh]}",
                        "residual: {name: skip, layers: [{dense: 8}]}", "output"})) ==
        std::vector<std::string>{"main.numbers 13", "main.hidden 8", "main.2.1.1 8", "main.2.2.1 8",
                                 "main.skip.1 8", "main.skip.sum 8", "main.4 3"});
}

TEST_CASE("a residual block is told how its layers could fit its input") {
  const auto message = [](const std::string& options) {
    Graph graph({{"", 3}});
    Port port;
    port.shape = {16, 16, 6};
    try {
      graph.add_stack(stack_of({"residual: {" + options + "}", "flatten", "output"}),
                      graph.add_input("main.image", port));
    } catch (const Error& error) {
      return error.problems()[0].help[0];
    }
    return std::string();
  };
  const std::string same =
      "write padding: same in its layers, so that rows and columns are not lost at the edge";
  CHECK(message("layers: [{conv2d: {channels: 6, kernel_size: 3}}]") == same + "; or write skip: [...]");
  CHECK(message("projection: true, layers: [{conv2d: {channels: 6, kernel_size: 3}}]") ==
        same + "; or write skip: [...]");
  CHECK(message("layers: [{conv2d: {channels: 9, kernel_size: 3}}]") ==
        same + ", and projection: true; or write skip: [...]");
  CHECK(message("layers: [{conv2d: {channels: 6, kernel_size: 3, stride: 2}}]") ==
        same + ", and projection: true; or write skip: [...]");
  const std::string strided = "{conv2d: {channels: 6, kernel_size: 3, stride: 2, padding: same}}";
  CHECK(message("layers: [" + strided + "]") ==
        "make the last layer 16x16x6, set projection: true, or write skip: [...]");
  CHECK(message("projection: true, layers: [" + strided + "]").empty());
  CHECK(message("layers: [flatten]") == "make the last layer 16x16x6, or write skip: [...]");
}

TEST_CASE("shapes that do not fit name the layer and the way there") {
  CHECK(message_of({"dense: 8", "residual: [{dense: 5}]", "output"}) ==
        "[residual] adds its input 8 to what its layers make of it, 5 (13 -> 1 dense 8)");
  CHECK(message_of({"embedding: 4", "output"}) ==
        "[embedding] takes category codes, but its input is 13 numbers");
  CHECK(message_of({"dense: 8"}) == "the model has no output layer");
  CHECK(message_of({"output", "output"}) ==
        "[output] is the second output layer of this model (13 -> 1 output 3)");
}

TEST_CASE("layers that would put out more than can be counted are refused where they stand") {
  const std::string image = "reshape: [1, 1, 13]", longest = ", but 268435456 numbers is the most";
  CHECK(message_of({image, "upsample: 1024", "upsample: 1024", "flatten", "output"}) ==
        "[upsample] would put out 1048576x1048576x13 for each row" + longest +
            " (13 -> 1 reshape 1x1x13 -> 2 upsample 1024x1024x13)");
  CHECK(message_of({image, "upsample: [1024, 1]", "upsample: [1024, 1]", "upsample: [1024, 1]", "output"}) ==
        "[upsample] would put out an axis of 1073741824 for each row" + longest +
            " (13 -> 1 reshape 1x1x13 -> 2 upsample 1024x1x13 -> 3 upsample 1048576x1x13)");
  CHECK(message_of({image, "zero_pad: 4096", "flatten", "output"}) ==
        "[zero_pad] would put out 8193x8193x13 for each row" + longest + " (13 -> 1 reshape 1x1x13)");
  const std::string grow = "conv2d_transpose: {channels: 4, stride: 4096, kernel_size: 4096}";
  CHECK(message_of({image, grow, grow, "flatten", "output"}) ==
        "[conv2d_transpose] would put out 16777216x16777216x4 for each row" + longest +
            " (13 -> 1 reshape 1x1x13 -> 2 conv2d_transpose 4096x4096x4)");
  CHECK(message_of(
            {image, "conv2d: {channels: 1048576, kernel_size: 4096, padding: same}", "flatten", "output"}) ==
        "[conv2d] would have 17592186044416 weights for each channel, but 268435456 is the most (13 -> 1 "
        "reshape 1x1x13)");
  CHECK(message_of({"reshape: [16777216, 16777216, 16777216, 16777216]", "output"})
            .starts_with("[reshape] cannot make 16777216x16777216x16777216x16777216 of its 13 input"));
  CHECK(message_of({"dense: 16777216", "parallel: {branches: [[{dense: 16777216}], []]}", "output"}) == "");
}

TEST_CASE("a model has so many layers at most, and a long way to a layer is told by its ends") {
  const std::string message =
      message_of({"repeat: {times: 1000, layers: [{repeat: {times: 1000, layers: [tanh]}}]}", "output"});
  CHECK(message.starts_with("[tanh] makes the model longer than 20000 layers (13 -> 1.1.1.1.1 tanh 13 -> "));
  CHECK(message.find(" -> 1.1.1.3.1 tanh 13 -> ... -> 1.20.1.988.1 tanh 13 -> ") != std::string::npos);
  CHECK(message.ends_with(" -> 1.20.1.999.1 tanh 13)"));
}

TEST_CASE("freeze, rate and decay of a block hold for what is in it") {
  Network network(
      graph_of({"repeat: {times: 1, rate: 0.5, decay: 0, layers: [{dense: {units: 4, rate: 0.5}}]}",
                "dense: {units: 4, freeze: true}", "output"}));
  for (const Segment& s : network.weights().segments) {
    CAPTURE(s.path);
    CHECK(s.frozen == s.path.starts_with("main.2."));
    CHECK(s.rate == (s.path.starts_with("main.1.") ? 0.25 : 1.0));
    CHECK(s.decay == (s.path.ends_with("weight") && !s.path.starts_with("main.1.") ? 1.0 : 0.0));
    CHECK(s.begin % 16 == 0);
  }
}

TEST_CASE("a codes input keeps its codes until backward") {
  Graph graph({{"", 2}});
  Port codes;
  codes.type = Type::i32;
  codes.shape.push(1);
  codes.classes = 50;
  graph.add_stack(stack_of({"embedding: 8", "dense: 8", "tanh", "dense: 8", "tanh", "output"}),
                  graph.add_input("main.word", codes));
  graph.finish({});
  Network network(std::move(graph));
  network.initialise(1);
  Run& run = network.run({64}, Mode::training);
  for (int i = 0; i < 64; ++i) run.inputs()[0].integers()[i] = i % 50;
  run.forward({});
  std::fill_n(run.output_gradients()[0].reals(), run.output_gradients()[0].elements(), Real{1});
  run.backward(true);
  for (int i = 0; i < 64; ++i) CHECK(run.inputs()[0].integers()[i] == i % 50);
}
