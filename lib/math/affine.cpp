#include "math/affine.hpp"

#include <algorithm>

#include "math/map.hpp"
#include "math/reduce.hpp"

namespace bpnet::math {

namespace {

constexpr int tile = 4 * lanes;  // columns a thread takes at a time: sums over rows keep their order

BPNET_CLONES void affine_tile(const Block& b, const Real* in, const Real* scale, const Real* shift, int cols,
                              Real* out) {
  for (int r = 0; r < b.rows; ++r, in += b.in_step, out += b.out_step)
    for (int j = 0; j < cols; ++j) out[j] = in[j] * scale[j] + (shift ? shift[j] : Real{0});
}

BPNET_CLONES void backward_tile(const Block& b, const Real* in, const Real* dout, int cols, Real* dscale,
                                Real* dshift) {
  Real by_scale[tile] = {}, by_shift[tile] = {};
  for (int r = 0; r < b.rows; ++r, in += b.in_step, dout += b.out_step)
    for (int j = 0; j < cols; ++j) {
      by_scale[j] += dout[j] * in[j];
      by_shift[j] += dout[j];
    }
  for (int j = 0; j < cols; ++j) {
    if (dscale) dscale[j] += by_scale[j];
    if (dshift) dshift[j] += by_shift[j];
  }
}

BPNET_CLONES void input_tile(const Block& b, const Real* dout, const Real* scale, bool add, int cols,
                             Real* din) {
  for (int r = 0; r < b.rows; ++r, dout += b.out_step, din += b.in_step)
    for (int j = 0; j < cols; ++j) din[j] = dout[j] * scale[j] + (add ? din[j] : Real{0});
}

/// Calls f(first column, columns) for tiles of columns.
template <class F>
void in_columns(const Block& b, F f) {
  parallel((b.cols + tile - 1) / tile, 2.0 * b.rows * b.cols, [&](std::ptrdiff_t t) {
    const int from = static_cast<int>(t) * tile;
    f(from, std::min(tile, b.cols - from));
  });
}

}  // namespace

void affine(const Block& block, const Real* in, const Real* scale, const Real* shift, Real* out) {
  in_columns(block, [&](int from, int cols) {
    affine_tile(block, in + from, scale + from, shift ? shift + from : nullptr, cols, out + from);
  });
}

void affine_backward(const Block& block, const Real* in, const Real* dout, Real* dscale, Real* dshift) {
  if (!dscale && !dshift) return;
  in_columns(block, [&](int from, int cols) {
    backward_tile(block, in + from, dout + from, cols, dscale ? dscale + from : nullptr,
                  dshift ? dshift + from : nullptr);
  });
}

void affine_backward_input(const Block& block, const Real* dout, const Real* scale, bool add, Real* din) {
  in_columns(block, [&](int from, int cols) {
    input_tile(block, dout + from, scale + from, add, cols, din + from);
  });
}

}  // namespace bpnet::math
