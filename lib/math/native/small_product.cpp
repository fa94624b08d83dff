// Small products in float, by the kernels of large ones.

#include "math/small_product.hpp"

#include <algorithm>

#include "math/shards.hpp"
#include "product_kernels.hpp"

namespace bpnet::math {

namespace {
const ProductKernels& kernels() {
  static const ProductKernels& fastest = *usable_product_kernels().front();
  return fastest;
}
constexpr int up(int n, int to) { return (n + to - 1) / to; }
}  // namespace

int whole_vectors(int n) { return up(n, kernels().width) * kernels().width; }

void transpose(const Real* in, std::ptrdiff_t in_row, int rows, int columns, Real* out) {
  kernels().pack_transposed(in, in_row, columns, rows, out);
}

void multiply(const SmallProduct& s) {
  const ProductKernels& table = kernels();
  const int vectors = up(s.n, table.width), panels = up(vectors, table.vectors);
  for (int i = 0; i < panels; ++i) {
    const int from = part_begin(vectors, panels, i), wide = part_begin(vectors, panels, i + 1) - from;
    const int column = from * table.width;
    multiply_panel(table, wide, s.m,
                   {s.a, s.a_row, s.a_step, s.b + column, s.b_row, s.c + column, s.c_row, s.k,
                    std::min(wide * table.width, s.n - column), s.add, nullptr});
  }
}

}  // namespace bpnet::math
