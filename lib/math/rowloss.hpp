#pragma once
// Losses of one number a row. A row without a target is left out: it counts nothing and its gradient is 0.
// `row_weights` (rows), null: all 1. `gradient` (rows) of the sum of losses is assigned; null: not wanted; it
// may be the predictions.

#include <cstdint>

#include "core/shape.hpp"
#include "math/softmax.hpp"

namespace bpnet::math {

/// Probability of the positive class: out = 1 / (1 + exp(-logit)), n numbers; out may be logits.
void sigmoid(const Real* logits, int n, Real* out);

/// softmax_cross_entropy with the logits (0, logit): classes are 0, 1, or -1 (left out); class_weights (2).
RowSums binary_cross_entropy(const Real* logits, int rows, const std::int32_t* classes,
                             const Real* row_weights, const ClassTarget& target, Real* gradient);

/// With d = prediction - value; a value that is NaN leaves the row out.
/// Squared error d^2.
RowSums squared_error(const Real* predictions, int rows, const Real* values, const Real* row_weights,
                      Real* gradient);
/// Absolute error |d|; its gradient at 0 is 0.
RowSums absolute_error(const Real* predictions, int rows, const Real* values, const Real* row_weights,
                       Real* gradient);
/// d^2 / 2 where |d| <= delta, else delta * (|d| - delta / 2) (Huber 1964).
RowSums huber_error(const Real* predictions, int rows, const Real* values, const Real* row_weights,
                    Real delta, Real* gradient);
/// log(cosh(d)).
RowSums log_cosh_error(const Real* predictions, int rows, const Real* values, const Real* row_weights,
                       Real* gradient);

/// Poisson's negative log-likelihood without its constant: exp(z) - value * z, z the logarithm of the rate.
RowSums poisson_error(const Real* logarithms, int rows, const Real* values, const Real* row_weights,
                      Real* gradient);

}  // namespace bpnet::math
