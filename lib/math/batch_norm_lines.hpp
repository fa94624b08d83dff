#pragma once
// What the kernels of batch normalisation are told: image_kernels.hpp names them.

#include "core/shape.hpp"

namespace bpnet::math {

/// Per column: y = (x - mean) * factor + shift, and 0 where that is less if `relu`.
struct Lines {
  const Real *mean, *factor, *shift;
  bool relu = false;
};

/// Per column: the gradient of x is factor * that of y + even + along * (x - mean).
struct LinesBack {
  const Real *even, *along;
};

/// Windows that tile images whose rows lie one behind the other: a row of windows is `high` rows of pixels.
struct PoolTiles {
  int high, wide;  // of a window
  int across;      // windows in a row
};

}  // namespace bpnet::math
