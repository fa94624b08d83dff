#pragma once
// Normalisation of each row (Ba, Kiros, Hinton 2016).

#include <cstddef>

#include "core/shape.hpp"

namespace bpnet::math {

/// Per row: out = (in - mean) / sqrt(variance + epsilon) * scale + shift. `saved` (rows, 2): mean, 1 /
/// deviation. scale and shift (width) may both be null.
void layer_norm(const Real* in, int rows, int width, const Real* scale, const Real* shift, Real epsilon,
                Real* out, Real* saved);
/// din is assigned (null: not wanted); dscale and dshift (width) are added to (null: not wanted).
/// `scratch`: layer_norm_scratch(rows, width) numbers.
void layer_norm_backward(const Real* in, const Real* dout, int rows, int width, const Real* scale,
                         const Real* saved, Real* din, Real* dscale, Real* dshift, Real* scratch);
std::size_t layer_norm_scratch(int rows, int width);

/// layer_norm about 0 instead of the mean (Zhang and Sennrich 2019): out = in / sqrt(mean of squares +
/// epsilon) * scale. `saved`, `scratch` and null pointers are as layer_norm's.
void rms_norm(const Real* in, int rows, int width, const Real* scale, Real epsilon, Real* out, Real* saved);
void rms_norm_backward(const Real* in, const Real* dout, int rows, int width, const Real* scale,
                       const Real* saved, Real* din, Real* dscale, Real* scratch);

}  // namespace bpnet::math
