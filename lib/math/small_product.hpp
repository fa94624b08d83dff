#pragma once
// Products of small matrices that lie in the cache, at any distance of their rows, by the calling thread.

#include <cstddef>

#include "core/shape.hpp"

namespace bpnet::math {

/// C (m, n) = A (m, k) * B (k, n), or C += it. Strides are in elements; behind each of B's rows 64 bytes can
/// be read.
struct SmallProduct {
  int m, n, k;
  const Real* a;
  std::ptrdiff_t a_row, a_step;  // from one row to the next, from one k to the next
  const Real* b;
  std::ptrdiff_t b_row;
  Real* c;
  std::ptrdiff_t c_row;
  bool add = false;
};
void multiply(const SmallProduct& p);

/// out (columns, whole_vectors(rows)) = the transpose of in (rows, columns), whose rows are in_row apart;
/// `out` has room for whole_vectors(columns) rows.
void transpose(const Real* in, std::ptrdiff_t in_row, int rows, int columns, Real* out);
/// n, rounded up to what rows of a transpose are.
int whole_vectors(int n);

}  // namespace bpnet::math
