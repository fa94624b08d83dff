#include "model/model_memory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <new>

#include "core/free_memory.hpp"

namespace bpnet {

namespace {

constexpr std::size_t no_matter = 100'000'000;  // asking what is free takes time, too

double rows_of(const Node& node, const Extent& extent) {
  return static_cast<double>(extent.samples) * extent.of(node.port().time);
}

double bytes_of(const Node& node, const Extent& extent) {
  return rows_of(node, extent) * static_cast<double>(node.port().bytes());
}

const Node& largest(const Graph& graph, const Extent& extent) {
  const auto nodes = graph.nodes();
  return *std::max_element(nodes.begin(), nodes.end(), [&](const Node& a, const Node& b) {
    return bytes_of(a, extent) < bytes_of(b, extent);
  });
}

std::string named(const Node& node) {
  return (node.is_input() ? "the input" : "what [" + node.kind + "]") + " (" + node.path + ")" +
         (node.is_input() ? "" : " puts out") + ", " + node.port().text() + " a row";
}

/// `most`: what takes most of a batch.
std::string way_out(const Graph& graph, const Node& most, bool training) {
  const auto nodes = graph.nodes();
  std::vector<std::string> ways;
  if (training) ways.emplace_back("train.batch_size");
  if (std::any_of(nodes.begin(), nodes.end(),
                  [](const Node& node) { return node.is_input() && node.port().shape.axes() == 3; }))
    ways.emplace_back("the pictures (resize, in their image column)");
  if (!most.is_input() || ways.empty()) ways.emplace_back("this layer");
  return fmt::format("make {} smaller{}", fmt::join(ways, " or "),
                     training ? "" : " and train again, or take a machine with more memory");
}

}  // namespace

void demand_memory(std::size_t bytes, const std::string& what, const char* more) {
  if (bytes < no_matter) return;
  if (const std::uint64_t free = free_memory(); bytes > free)
    throw Error(Fault::configuration,
                fmt::format("{} {}{}, and {} are free", what, memory_text(static_cast<double>(bytes)), more,
                            memory_text(static_cast<double>(free))),
                {"make its layers narrower, or take a machine with more memory"});
}

void demand_countable(const Graph& graph, const Extent& extent) {
  for (const Node& node : graph.nodes()) {
    const Shape& shape = node.port().shape;
    const double places = static_cast<double>(shape.elements()) / (shape.axes() == 0 ? 1 : shape[-1]);
    if (rows_of(node, extent) * places <= static_cast<double>(std::numeric_limits<int>::max())) continue;
    throw Error(Fault::configuration, node.place,
                fmt::format("a batch of {} rows is too large: {}", extent.samples, named(node)),
                {way_out(graph, node, true)});
  }
}

Memory memory_of_batch(const Graph& graph, const Extent& extent, bool training, std::size_t bytes) {
  if (bytes < no_matter || bytes <= free_memory()) try {
      return Memory(bytes);
    } catch (const std::bad_alloc&) {  // it is free, but not at one place
    }
  const std::uint64_t free = free_memory();
  const std::string is_free = bytes > free ? memory_text(static_cast<double>(free)) + " are free"
                                           : "so much is not free in one piece";
  const Node& most = largest(graph, extent);
  throw LackOfMemory(
      most.place,
      fmt::format("a batch of {} rows takes {} of memory, and {}; most of it goes to {}", extent.samples,
                  memory_text(static_cast<double>(bytes)), is_free, named(most)),
      {way_out(graph, most, training)}, bytes);
}

}  // namespace bpnet
