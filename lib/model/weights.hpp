#pragma once
// The flat arrays a network owns, and the segments that say what is where.

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "layers/layer.hpp"

namespace bpnet {

/// One tensor's place in the flat arrays.
struct Segment {
  std::string path;  // main.hidden.weight
  std::size_t begin = 0;
  Shape shape;  // in memory
  Role role = Role::matrix;
  double rate = 1, decay = 1;  // factors; decay is 0 for biases and norms
  bool frozen = false;
  double max_norm = 0;  // longest the weights into one output may be; 0: any length
  bool non_negative = false;
  FileOrder file = FileOrder::same;
  bool turned = false;  // outputs are on the axis before the last
  std::size_t size() const { return shape.elements(); }
  /// As matrices (in, out) side by side, the weights into one output in a column.
  struct Matrices {
    int count, in, out;
  };
  Matrices matrices() const {
    const int count = shape.axes() > 2 ? shape[0] : 1, out = shape[-1];
    return {count, static_cast<int>(size()) / (count * out), out};
  }
};

/// Parameters and gradients, (count) each, 64-byte aligned; segments begin at multiples of 16 elements,
/// the gaps between them are zero and stay zero.
struct Weights {
  std::span<Real> values, gradients;
  std::span<const Segment> segments;
};

}  // namespace bpnet
