#pragma once
// How a tensor's first values are drawn.

#include <span>

#include "core/random.hpp"
#include "core/shape.hpp"
#include "spec/options.hpp"

namespace bpnet {

struct Initialiser : Options {
  /// Fills `values` of the given shape (rows: fan_in side, columns: fan_out side for matrices).
  /// Values depend on `draw` and the element's index alone.
  virtual void fill(std::span<Real> values, const Shape& shape, int fan_in, int fan_out, Draw draw) const = 0;
};

extern const Table initialisers;

}  // namespace bpnet
