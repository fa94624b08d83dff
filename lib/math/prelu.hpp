#pragma once
// A rectifier with a learnt slope below zero for each column (He, Zhang, Ren, Sun 2015).

#include "core/shape.hpp"

namespace bpnet::math {

/// out (rows, width) = in where it is positive, else slopes (width) * in; out may be in.
void prelu(const Real* in, const Real* slopes, int rows, int width, Real* out);
/// din = dout * (in > 0 ? 1 : slopes), and what each element adds to the gradient of its column's slope,
/// along (rows, width) = dout * min(in, 0). A null one is not wanted.
void prelu_backward(const Real* in, const Real* slopes, const Real* dout, int rows, int width, Real* din,
                    Real* along);

}  // namespace bpnet::math
