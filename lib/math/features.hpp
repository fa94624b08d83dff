#pragma once
// Kernels on features side by side, each with weights of its own.

#include <cstddef>
#include <span>

#include "core/shape.hpp"

namespace bpnet::math {

/// Features g = 0 .. n - 1 of a row are the columns ends[g - 1] .. ends[g] - 1 (from 0 for the first) of `in`
/// (rows, columns); each becomes `units` numbers, out (rows, n * units):
///   out[g] = in[columns of g] * weight[columns of g] + bias[g],  weight (columns, units), bias (n, units).
struct FeatureProduct {
  std::span<const int> ends;
  int units = 0;
  int columns() const { return ends.back(); }
  int features() const { return static_cast<int>(ends.size()); }
};
/// Arrays have 64 readable bytes behind their last number. Of row r, out begins at r * out_width: it may have
/// more columns.
void feature_product(const FeatureProduct& shape, const Real* in, int rows, const Real* weight,
                     const Real* bias, Real* out, int out_width);
/// din is assigned; dweight and dbias are added to; null ones are not wanted.
void feature_product_backward(const FeatureProduct& shape, const Real* in, const Real* dout, int out_width,
                              int rows, const Real* weight, Real* din, Real* dweight, Real* dbias);

/// out (rows, n * 2k) = for each of n numbers x the k values sin(2 pi f x), then the k values cos(2 pi f x);
/// frequencies (n, k) (Gorishniy, Rubachev, Babenko 2022).
void periodic(const Real* in, int rows, int n, const Real* frequencies, int k, Real* out);
/// din is assigned, dfrequencies added to; null ones are not wanted. `out` is what periodic() gave.
void periodic_backward(const Real* in, const Real* out, const Real* dout, int rows, int n,
                       const Real* frequencies, int k, Real* din, Real* dfrequencies);

/// out (rows, n * bins) = for each number the share of each of its bins that lies below it: 0 .. 1, but
/// without bound below in the first and above in the last bin; edges (n, bins + 1), ascending (the same
/// paper). A bin without width is 0 below its edge, else 1.
void piecewise_linear(const Real* in, int rows, int n, const Real* edges, int bins, Real* out);
void piecewise_linear_backward(const Real* in, const Real* dout, int rows, int n, const Real* edges, int bins,
                               Real* din);
/// edges (n, bins + 1) = quantiles 0, 1 / bins, ..., 1 of each column of in (rows, n), between numbers in a
/// straight line. Allocates.
void quantile_edges(const Real* in, int rows, int n, int bins, Real* edges);

}  // namespace bpnet::math
