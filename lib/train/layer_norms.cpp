#include "train/layer_norms.hpp"

#include <algorithm>
#include <cmath>

#include "math/elements.hpp"

namespace bpnet {

LayerNorms::LayerNorms(std::span<const Segment> segments) {
  for (const Segment& s : segments) {
    const std::string layer = s.path.substr(0, s.path.rfind('.'));
    const auto at = std::find(layers_.begin(), layers_.end(), layer);
    layer_of_.push_back(static_cast<std::size_t>(at - layers_.begin()));
    if (at == layers_.end()) layers_.push_back(layer);
  }
  values_.resize(layers_.size());
}

void LayerNorms::measure(const Weights& weights, double scale) {
  std::fill(values_.begin(), values_.end(), 0.0);
  for (std::size_t i = 0; i < layer_of_.size(); ++i) {
    const Segment& s = weights.segments[i];
    values_[layer_of_[i]] += math::sum_of_squares(weights.gradients.data() + s.begin, s.size());
  }
  for (double& value : values_) value = std::sqrt(value) * scale;
}

}  // namespace bpnet
