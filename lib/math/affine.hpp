#pragma once
// A scale and a shift for each column, on a block of columns of wider rows.

#include "core/shape.hpp"

namespace bpnet::math {

struct Block {
  int rows = 0, cols = 0;
  int in_step = 0, out_step = 0;  // from one row to the next
};

/// out = in * scale + shift; shift may be null.
void affine(const Block& block, const Real* in, const Real* scale, const Real* shift, Real* out);
/// dscale and dshift (cols) are added to, unless null.
void affine_backward(const Block& block, const Real* in, const Real* dout, Real* dscale, Real* dshift);
/// din = dout * scale, or din += where `add` says so.
void affine_backward_input(const Block& block, const Real* dout, const Real* scale, bool add, Real* din);

}  // namespace bpnet::math
