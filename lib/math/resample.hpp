#pragma once
// Images made larger by whole numbers, and edges of zeros. Channels lie last.

#include "core/shape.hpp"

namespace bpnet::math {

struct UpsampleShape {
  int samples = 0, rows = 0, columns = 0, channels = 0;
  int down = 1, across = 1;  // factors
  bool bilinear = false;     // between the centres of pixels (align_corners: false); else the nearest
};
void upsample(const UpsampleShape& s, const Real* x, Real* y);
/// dx is assigned.
void upsample_backward(const UpsampleShape& s, const Real* dy, Real* dx);

struct PadShape {
  int samples = 0, rows = 0, columns = 0, channels = 0;
  int top = 0, bottom = 0, left = 0, right = 0;
};
void pad(const PadShape& s, const Real* x, Real* y);
void pad_backward(const PadShape& s, const Real* dy, Real* dx);

}  // namespace bpnet::math
