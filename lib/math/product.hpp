#pragma once
// Matrix products: C (m, n) = op(A) (m, k) * op(B) (k, n), row-major.

#include <cstddef>
#include <memory>

#include "core/shape.hpp"

namespace bpnet::math {

struct ProductShape {
  int m = 0, n = 0, k = 0;
  bool transpose_a = false, transpose_b = false;  // A is stored (k, m); B is stored (n, k)
  bool add = false;                               // C += instead of C =
  bool bias = false;                              // bias (n) is added to each row; not together with add
  Precision precision = Precision::float32;       // bfloat16: A and B are rounded, sums are not
  bool packed_b = false;                          // B lies as `pack` has put it: for one B of many products
};

/// A product prepared for one shape: tiles and kernels are chosen here, nothing is allocated when it runs.
class Product {
 public:
  virtual ~Product() = default;
  /// `scratch`: at least scratch_bytes, 64-byte aligned. All matrices lie in buffers that have 64 readable
  /// bytes behind their last element (all memory of a Network does).
  virtual void run(const Real* a, const Real* b, const Real* bias, Real* c, std::byte* scratch) const = 0;
  /// For a shape with packed_b: out (packed_elements, and 64 bytes behind them) = B, stored as the shape
  /// says. All products of one n, k and transpose_b read the same.
  virtual void pack(const Real* b, Real* out) const = 0;
  std::size_t scratch_bytes = 0;  // for all threads that math::threads() said when it was prepared
  std::size_t packed_elements = 0;
};

/// Precision::bfloat16 needs has_bfloat16().
std::unique_ptr<Product> prepare_product(const ProductShape& shape);

/// Whether this CPU multiplies bfloat16.
bool has_bfloat16();

}  // namespace bpnet::math
