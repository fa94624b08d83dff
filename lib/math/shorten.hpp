#pragma once
// Rows and columns of a matrix no longer than a limit (Srivastava et al. 2014, max-norm).

#include "core/shape.hpp"

namespace bpnet::math {

/// Scales each column of w (rows, cols) that is longer (Euclidean) than `limit` to that length.
void shorten_columns(Real* w, int rows, int cols, Real limit);
/// The same for rows.
void shorten_rows(Real* w, int rows, int cols, Real limit);
/// The same for all w[., s, .] of w (blocks, slices, inner).
void shorten_slices(Real* w, int blocks, int slices, int inner, Real limit);

}  // namespace bpnet::math
