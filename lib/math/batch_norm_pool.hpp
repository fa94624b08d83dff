#pragma once
// What batch normalisation does in one go with a pooling behind it: values before the pooling are found from
// their input again instead of being kept, which halves what is read and written.

#include "core/shape.hpp"

namespace bpnet::math {

/// Per column: y = (x - mean) * factor + shift.
struct Lines {
  const Real *mean, *factor, *shift;
  Real at(Real x, int c) const { return (x - mean[c]) * factor[c] + shift[c]; }
};
/// The gradient behind the rectifier of y.
template <bool Relu>
inline Real passed(Real y, Real dy) {
  return Relu && !(y > 0) ? Real{0} : dy;
}

/// Windows that tile images whose rows lie one behind the other: a row of windows is `high` rows of pixels.
struct PoolTiles {
  int high, wide;  // of a window
  int across;      // windows in a row
};

/// Rows `first` .. first + count - 1 of windows: the greatest of each window's y, and 0 where that is less if
/// `relu`.
void pooled_lines(const Lines& lines, bool relu, const PoolTiles& tiles, const Real* in, int width, int first,
                  int count, Real* out);
/// Sums, over the same, of the gradient that reaches in, and of it times (in - mean), to sums (2, width). A
/// window's gradient goes to the first of its greatest.
void pooled_gradient_sums(const Lines& lines, bool relu, const PoolTiles& tiles, const Real* in,
                          const Real* dout, int width, int first, int count, Real* sums);
/// din = factor * gradient + even + along * (in - mean), per column.
void pooled_input_gradient(const Lines& lines, bool relu, const PoolTiles& tiles, const Real* even,
                           const Real* along, const Real* in, const Real* dout, int width, int first,
                           int count, Real* din);

}  // namespace bpnet::math
