// Small products in double: plain loops.

#include "math/small_product.hpp"

#include <algorithm>

namespace bpnet::math {

int whole_vectors(int n) { return (n + 7) / 8 * 8; }

void transpose(const Real* in, std::ptrdiff_t in_row, int rows, int columns, Real* out) {
  const std::ptrdiff_t out_row = whole_vectors(rows);
  for (int r = 0; r < rows; ++r)
    for (int c = 0; c < columns; ++c) out[c * out_row + r] = in[r * in_row + c];
}

void multiply(const SmallProduct& p) {
  for (int i = 0; i < p.m; ++i) {
    Real* c = p.c + i * p.c_row;
    if (!p.add) std::fill_n(c, p.n, Real{0});
    for (int k = 0; k < p.k; ++k) {
      const Real x = p.a[i * p.a_row + k * p.a_step];
      for (int j = 0; j < p.n; ++j) c[j] += x * p.b[k * p.b_row + j];
    }
  }
}

}  // namespace bpnet::math
