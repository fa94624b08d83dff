#pragma once
// The geometry of a window that slides over the rows and columns of an image.

#include "core/shape.hpp"

namespace bpnet::math {

/// Along one axis. Positions outside of the image read as nothing.
struct Slide {
  int size = 1;  // of the image
  int kernel = 1, stride = 1, dilation = 1;
  int before = 0, after = 0;  // padding
  int reach() const { return (kernel - 1) * dilation + 1; }
  /// Places the window takes; 0 or less: it does not fit.
  int places() const {
    const int free = size + before + after - reach();
    return free < 0 ? 0 : free / stride + 1;
  }
  /// Where element `k` of the window reads when it stands at `place`; may lie outside of the image.
  int at(int place, int k) const { return place * stride - before + k * dilation; }
};

struct Window {
  Slide rows, columns;
  int places() const { return rows.places() * columns.places(); }
  int elements() const { return rows.kernel * columns.kernel; }
  int pixels() const { return rows.size * columns.size; }
};

/// Places that see each pixel once.
inline bool is_tiling(const Window& w) {
  const auto tiles = [](const Slide& s) {
    return s.kernel == s.stride && s.dilation == 1 && s.before == 0 && s.after == 0 && s.size % s.kernel == 0;
  };
  return tiles(w.rows) && tiles(w.columns);
}

struct ImageKernels;
/// Those of the best instruction set that this CPU has (math/image_kernels.hpp).
const ImageKernels& image_kernels();

}  // namespace bpnet::math
