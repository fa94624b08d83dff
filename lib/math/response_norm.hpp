#pragma once
// Local response normalisation across channels (Krizhevsky, Sutskever, Hinton 2012).

#include "core/shape.hpp"

namespace bpnet::math {

struct ResponseNorm {
  int rows = 0, channels = 0, size = 5;  // size: channels that a channel is measured by
  Real alpha = 0, beta = 0, bias = 0;
};

/// y = x / (bias + alpha / size * sum of x^2 of the channels around) ^ beta; rows (rows, channels).
void response_norm(const ResponseNorm& s, const Real* x, Real* y);
/// dx is assigned.
void response_norm_backward(const ResponseNorm& s, const Real* x, const Real* dy, Real* dx);

}  // namespace bpnet::math
