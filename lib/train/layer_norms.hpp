#pragma once
// How long the gradient of each layer is: what vanishes or explodes on its way back is seen by it.

#include <span>
#include <string>
#include <vector>

#include "model/weights.hpp"

namespace bpnet {

class LayerNorms {
 public:
  explicit LayerNorms(std::span<const Segment> segments);
  /// Paths of the layers that have parameters, in the order of the network: "main.hidden".
  const std::vector<std::string>& layers() const { return layers_; }
  /// Norms of `scale` times the gradients, to be read by values().
  void measure(const Weights& weights, double scale);
  const std::vector<double>& values() const { return values_; }

 private:
  std::vector<std::string> layers_;
  std::vector<std::size_t> layer_of_;  // of each segment
  std::vector<double> values_;
};

}  // namespace bpnet
