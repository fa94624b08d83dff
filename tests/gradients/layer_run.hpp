#pragma once
// Runs one layer outside of a network on values from fixed formulas, which the recording script uses too.

#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/memory.hpp"
#include "layers/layer.hpp"
#include "model/graph.hpp"
#include "model/network.hpp"

namespace bpnet::gradients {

/// value i of series s: what inputs (s = 0, 1, ...), parameters (s = 10 + index) and gradients (s = 20) are
/// made of.
inline double formula(int series, std::size_t i) {
  return std::sin(0.7 * static_cast<double>(i) + 1.3 * series + 0.3) +
         0.3 * std::cos(2.1 * static_cast<double>(i) * (series + 1));
}

/// The ports of an entry's input text: "7" (numbers), "4x3", "i32:2:5" (2 codes of 5 classes), several
/// separated by blanks. "7@5": 7 numbers at each of up to 5 steps; ports of as many steps share a time axis.
struct Inputs {
  std::vector<Port> ports;
  Extent extent;  // without samples
};
Inputs inputs_of(const std::string& input);
std::vector<Port> ports_of(const std::string& input);
/// Sample i of a time axis has all of its steps, or fewer.
inline int ragged(int steps, int sample) { return steps - 2 * sample % steps; }

/// A network of one stack behind one input, with an output of 3 numbers; of members that share weights.
Graph graph_of(const Port& port, const std::vector<std::string>& list, int members = 1);
/// The first input of a run, filled by the formula.
void fill_by_formula(std::span<const View> inputs);
/// Network::fit on such values.
inline void fit_by_formula(Network& network, const Extent& extent) {
  network.fit(extent, [](Run& run) { fill_by_formula(run.inputs()); });
}

/// Memory for one layer's pass: inputs, outputs, gradients, parameters.
class LayerRun {
 public:
  /// Samples have ragged lengths.
  LayerRun(std::shared_ptr<const Layer> layer, const Inputs& inputs, int samples, Mode mode);
  void forward();
  /// Fills input gradients with NaN and parameter gradients with `prefill`, then runs backward.
  void backward(bool fresh, Real prefill);

  Plan plan;
  std::vector<View> in, out, din, dout;
  std::vector<std::vector<Real>> parameters, gradients, buffers;
  /// Whether an element lies at a step that is in use.
  static bool in_use(const View& view, std::size_t element);

 private:
  View view(const Port& port);
  std::shared_ptr<const Layer> layer_;
  Extent extent_;
  std::map<int, std::vector<int>> lengths_;  // by Port::time
  std::vector<Memory> memory_;
  std::unique_ptr<Pass> pass_;
  std::vector<Real*> parameter_pointers_, gradient_pointers_, buffer_pointers_;
  std::vector<std::int64_t> sample_numbers_;
  Lent lent_;
};

}  // namespace bpnet::gradients
