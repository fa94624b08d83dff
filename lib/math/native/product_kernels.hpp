#pragma once
// The kernels of products, one table for each instruction set.

#include <array>
#include <cassert>
#include <cstddef>
#include <memory>
#include <span>

#include "math/product.hpp"

namespace bpnet::math {

/// Blocks of C, one below the other: a few rows by a few vectors each. Strides are in elements; one of a
/// packed operand holds one k, or the bits of two that are bfloat16 (ProductKernels::depth).
struct ProductBlock {
  const float* a;
  std::ptrdiff_t a_row, a_step;  // from one row to the next, from one k to the next
  const float* b;
  std::ptrdiff_t b_step;
  float* c;
  std::ptrdiff_t c_row;
  int k;              // elements
  int columns;        // of C that are written; the vectors of B may hold more
  bool add;           // C += instead of C =
  const float* bias;  // null, or a number for each column
  int blocks = 1;
  // What is packed next is fetched meanwhile: so many of its rows in each block.
  const float* ahead = nullptr;
  std::ptrdiff_t ahead_step = 0;
  int ahead_rows = 0;
};

/// What one instruction set offers.
struct ProductKernels {
  static constexpr int most_vectors = 4, most_rows = 12;
  int depth;                                                    // k's in an element of packed operands
  int width;                                                    // floats in a vector
  int vectors;                                                  // a block has at most so many
  std::array<int, most_vectors> rows;                           // and with n vectors at most rows[n - 1] rows
  void (*block[most_vectors][most_rows])(const ProductBlock&);  // [vectors - 1][rows - 1]
  /// out (elements of k, columns rounded up to vectors) = b (k, columns), whose rows are b_step apart.
  void (*pack)(const float* b, std::ptrdiff_t b_step, int k, int columns, float* out);
  /// The same from the transpose: b is (columns, k). `out` has room for its rows rounded up to the vector
  /// width.
  void (*pack_transposed)(const float* b, std::ptrdiff_t b_column, int k, int columns, float* out);
  /// out (rows, elements of k rounded up to vectors) = a (rows, k), whose rows are a_row apart. Null where
  /// elements are floats: these are read where they lie.
  void (*pack_rows)(const float* a, std::ptrdiff_t a_row, int k, int rows, float* out);
};

/// `height` rows of C, a panel of `vectors` wide, cut into blocks whose heights differ by at most one.
/// p.ahead_rows: of all blocks together.
inline void multiply_panel(const ProductKernels& kernels, int vectors, int height, ProductBlock p) {
  assert(height > 0);
  const int most = kernels.rows[static_cast<std::size_t>(vectors - 1)], blocks = (height + most - 1) / most;
  const int low = height / blocks, higher = height % blocks;  // so many have a row more
  p.ahead_rows = (p.ahead_rows + blocks - 1) / blocks;
  const auto run = [&](int rows, int count) {
    p.blocks = count;
    kernels.block[vectors - 1][rows - 1](p);
    p.a += count * rows * p.a_row;
    p.c += count * rows * p.c_row;
    p.ahead += count * p.ahead_rows * p.ahead_step;
  };
  if (higher > 0) run(low + 1, higher);
  run(low, blocks - higher);
}

extern const ProductKernels product_kernels_v4, product_kernels_v3, product_kernels_baseline;
extern const ProductKernels product_kernels_bfloat16;

/// The tables of floats this CPU can run, the fastest first.
std::span<const ProductKernels* const> usable_product_kernels();

/// prepare_product with a table of choice.
std::unique_ptr<Product> prepare_product(const ProductShape& shape, const ProductKernels& kernels);

}  // namespace bpnet::math
