#pragma once
// Options of layers that slide a window over images (height, width, channels) or rows (length, channels).

#include "layers/numbers.hpp"
#include "math/window.hpp"

namespace bpnet {

struct WindowOptions {
  using Sizes = std::vector<std::int64_t>;                    // one for both axes, or rows and columns
  int axes = 2;                                               // 1: rows of (length, channels)
  Sizes kernel, stride = {1}, padding = {0}, dilation = {1};  // stride empty: the kernel; padding empty: same
  bool causal = false;  // all padding is in front, as much as lets a place see itself and those before

  void visit_stride(Visitor& v) {
    v("stride", stride, between(1, 1 << 12), "places it moves by, or those of rows and of columns");
  }
  void visit_padding(Visitor& v) {
    v.unless_empty(
        "padding", padding, "same", between(0, 1 << 12), "valid",
        "zeros around the image, or those of rows and of columns; same: outputs are as many as inputs "
        "divided by the stride");
  }
  void visit_dilation(Visitor& v) {
    v("dilation", dilation, between(1, 1 << 12), "distance of the elements of the window");
  }
  /// The window on a port. Throws Misfit if the port is no image, or smaller than the window.
  math::Window on(const Port& in) const;
  /// The same, which may be larger than the image.
  math::Window sliding(const Port& in) const;
  /// Rows of an image, which a port of (length, channels) has 1 of, columns and channels. Throws Misfit.
  struct Image {
    int rows, columns, channels;
  };
  Image image(const Port& in) const;
  /// The shape of (rows, columns, channels), without rows if there is one axis.
  Shape shape(int rows, int columns, int channels) const;
  /// The size for an axis, 0: rows; 1: columns, the only one of one axis.
  int of(const Sizes& sizes, int axis) const;

 private:
  math::Slide slide(int size, int axis) const;
  void check(const Sizes& sizes, const char* name) const;
};

/// A port that brings images: three axes. Throws Misfit.
void require_image(const Port& in);

}  // namespace bpnet
