#pragma once
// Losses of several numbers a row. As in rowloss.hpp: a row without a target counts nothing and its gradient
// is 0; `row_weights` (rows) or null; `gradient` (rows, width) is assigned, null: not wanted.

#include <cstdint>
#include <span>

#include "core/shape.hpp"
#include "math/softmax.hpp"

namespace bpnet::math {

/// Mean over the levels q of the pinball loss of d = value - prediction: q * d where d > 0, else (q - 1) * d
/// (Koenker and Bassett 1978). predictions (rows, levels); a value that is NaN leaves the row out.
RowSums quantile_error(const Real* predictions, int rows, std::span<const Real> levels, const Real* values,
                       const Real* row_weights, Real* gradient);

/// Negative log-likelihood of a normal distribution without its constant, (log(v) + (mean - value)^2 / v) / 2
/// (Nix and Weigend 1994). outputs (rows, 2): mean, and a number that variance() makes v of.
RowSums gaussian_error(const Real* outputs, int rows, const Real* values, const Real* row_weights,
                       Real* gradient);
/// softplus(x) + 1e-6: above 0 for every x.
Real variance(Real x);

/// Focal loss (Lin et al. 2017): -(1 - p)^gamma * log(p), p the softmax's probability of the row's class.
/// logits (rows, width) of `width` classes; a width of 1 are two classes with the logits (0, logit). classes
/// (rows): -1 leaves the row out. class_weights (classes) or null.
RowSums focal_error(const Real* logits, int rows, int width, const std::int32_t* classes,
                    const Real* row_weights, const Real* class_weights, Real gamma, Real* gradient);

/// Mean over the other classes c of max(0, margin - own + z[c]), or of its square; own is the output of the
/// row's class (Weston and Watkins 1999). Width, classes and weights as in focal_error.
RowSums hinge_error(const Real* outputs, int rows, int width, const std::int32_t* classes,
                    const Real* row_weights, const Real* class_weights, Real margin, bool squared,
                    Real* gradient);

/// 1 - own / length of the row (Barz and Denzler 2020). outputs (rows, width) of `width` classes, at least 2.
RowSums cosine_error(const Real* outputs, int rows, int width, const std::int32_t* classes,
                     const Real* row_weights, const Real* class_weights, Real* gradient);

}  // namespace bpnet::math
