#pragma once
// A graph of one list of layers, as the tests of models want it.

#include <string>
#include <utility>
#include <vector>

#include "model/graph.hpp"
#include "spec/spec.hpp"

inline bpnet::Stack stack_of(const std::vector<std::string>& list) {
  bpnet::Stack stack;
  stack.name = "main";
  for (const std::string& yaml : list) stack.layers.push_back(bpnet::parse_choice(bpnet::layers, yaml));
  return stack;
}

/// Layers, in YAML, behind one input of this shape (and time axis) and in front of a head of `outputs`
/// numbers.
inline bpnet::Graph graph_of(const std::vector<std::string>& list, int outputs, bpnet::Shape shape,
                             int time = 0) {
  bpnet::Graph graph({{"", outputs}});
  bpnet::Port port;
  port.shape = std::move(shape);
  port.time = time;
  graph.add_stack(stack_of(list), graph.add_input("main.numbers", port));
  graph.finish({});
  return graph;
}
