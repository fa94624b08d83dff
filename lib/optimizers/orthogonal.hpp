#pragma once
// The matrix with a given one's directions and singular values near 1.

#include <memory>
#include <span>
#include <vector>

#include "core/memory.hpp"
#include "math/product.hpp"

namespace bpnet {

/// Five-term Newton-Schulz iteration with the coefficients of Jordan 2024: singular values end between about
/// 0.7 and 1.2. Shares its memory between matrices; nothing is allocated when it runs.
class Orthogonaliser {
 public:
  /// Makes ready for matrices (rows, columns); returns the shape's number.
  std::size_t add(int rows, int columns);
  /// in (rows, columns) of that shape; the result is valid until the next call.
  std::span<const Real> run(std::size_t shape, std::span<const Real> in, int iterations);

 private:
  struct Shape {
    int rows, columns;
    // The gram matrix of the shorter side, its square, and the correction added to the matrix.
    std::unique_ptr<math::Product> gram, square, add;
  };
  std::vector<Shape> shapes_;
  Memory x_, next_, gram_, square_, scratch_;
};

}  // namespace bpnet
