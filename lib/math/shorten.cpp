#include "math/shorten.hpp"

#include <algorithm>
#include <cmath>

#include "math/map.hpp"
#include "math/reduce.hpp"

namespace bpnet::math {

namespace {

BPNET_CLONES void shorten_block(Real* w, int rows, int cols, int wanted, Real limit) {
  Real sum[lanes] = {};
  Real* row = w;
  for (int r = 0; r < rows; ++r, row += cols)
    for (int j = 0; j < wanted; ++j) sum[j] += row[j] * row[j];
  bool any = false;
  for (int j = 0; j < wanted; ++j) {
    const bool longer = sum[j] > limit * limit;
    sum[j] = longer ? limit / std::sqrt(sum[j]) : Real{1};
    any = any || longer;
  }
  if (!any) return;
  row = w;
  for (int r = 0; r < rows; ++r, row += cols)
    for (int j = 0; j < wanted; ++j) row[j] *= sum[j];
}

BPNET_CLONES void shorten_row(Real* w, int n, Real limit) {
  const Real square = sum_of(n, [&](int i) { return w[i] * w[i]; });
  if (!(square > limit * limit)) return;
  const Real factor = limit / std::sqrt(square);
  for (int i = 0; i < n; ++i) w[i] *= factor;
}

}  // namespace

void shorten_columns(Real* w, int rows, int cols, Real limit) {
  parallel((cols + lanes - 1) / lanes, 2.0 * rows * cols, [=](std::ptrdiff_t t) {
    const int from = static_cast<int>(t) * lanes;
    shorten_block(w + from, rows, cols, std::min(lanes, cols - from), limit);
  });
}

void shorten_rows(Real* w, int rows, int cols, Real limit) {
  const Stretches stretches(rows, 16);
  parallel(stretches.count, 2.0 * rows * cols, [&](std::ptrdiff_t t) {
    const std::ptrdiff_t begin = stretches.begin(t), end = begin + stretches.size(t);
    for (std::ptrdiff_t r = begin; r < end; ++r) shorten_row(w + r * cols, cols, limit);
  });
}

void shorten_slices(Real* w, int blocks, int slices, int inner, Real limit) {
  const std::ptrdiff_t block = std::ptrdiff_t{slices} * inner;
  parallel(slices, 2.0 * static_cast<double>(blocks * block), [&](std::ptrdiff_t s) {
    Real* const first = w + s * inner;
    Real square = 0;
    for (int b = 0; b < blocks; ++b) {
      const Real* row = first + b * block;
      square += sum_of(inner, [&](int i) { return row[i] * row[i]; });
    }
    if (!(square > limit * limit)) return;
    const Real factor = limit / std::sqrt(square);
    for (int b = 0; b < blocks; ++b)
      for (int i = 0; i < inner; ++i) first[b * block + i] *= factor;
  });
}

}  // namespace bpnet::math
