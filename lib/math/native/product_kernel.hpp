#pragma once
// The register-blocked heart of products, compiled once for every instruction set. `Lanes` is one vector
// register; it comes from the file that includes this one under its own target.

#include <cstddef>
#include <utility>

#include "product_kernels.hpp"

namespace bpnet::math {

/// Registers of which every lane is one k of an operand: plain floats.
template <class Registers>
struct Floats : Registers {
  using V = typename Registers::V;
  static constexpr int depth = 1;
  static V add_product(V sum, V x, V y) { return sum + x * y; }
  /// Elements side by side of a matrix (k, columns), and of its transpose; `left` k's are there.
  static V of_columns(const float* b, std::ptrdiff_t /*b_step*/, int /*left*/) { return Registers::load(b); }
  static V of_row(const float* b, int /*left*/) { return Registers::load(b); }
};

/// Without the pragmas GCC keeps the sums in memory before and after the loop over k.
template <class Lanes, int Rows, int Vectors>
void product_block(const ProductBlock& p) {
  using V = typename Lanes::V;
  const int last = p.columns - (Vectors - 1) * Lanes::width;
  const float* rows = p.a;
  float* out = p.c;
  const float* ahead = p.ahead;
  for (int left = p.blocks; left > 0; --left, rows += Rows * p.a_row, out += Rows * p.c_row) {
    for (int i = 0; i < p.ahead_rows; ++i, ahead += p.ahead_step) {
#pragma GCC unroll 4
      for (int j = 0; j < Vectors * Lanes::width; j += 16) __builtin_prefetch(ahead + j);
    }
    V sum[Rows][Vectors];
#pragma GCC unroll 16
    for (int j = 0; j < Vectors; ++j) {
      const V first = p.bias ? Lanes::load(p.bias + j * Lanes::width) : Lanes::all(0);
#pragma GCC unroll 16
      for (int i = 0; i < Rows; ++i) sum[i][j] = first;
    }
    if (p.add)
#pragma GCC unroll 16
      for (int i = 0; i < Rows; ++i)
#pragma GCC unroll 16
        for (int j = 0; j < Vectors; ++j) {
          const float* c = out + i * p.c_row + j * Lanes::width;
          sum[i][j] = j + 1 < Vectors ? Lanes::load(c) : Lanes::load_first(c, last);
        }
    const float *a = rows, *b = p.b;
    for (int k = 0; k < p.k; ++k, a += p.a_step, b += p.b_step) {
      V column[Vectors];
#pragma GCC unroll 16
      for (int j = 0; j < Vectors; ++j) column[j] = Lanes::load(b + j * Lanes::width);
#pragma GCC unroll 16
      for (int i = 0; i < Rows; ++i) {
        const V x = Lanes::all(a[i * p.a_row]);
#pragma GCC unroll 16
        for (int j = 0; j < Vectors; ++j) sum[i][j] = Lanes::add_product(sum[i][j], x, column[j]);
      }
    }
#pragma GCC unroll 16
    for (int i = 0; i < Rows; ++i)
#pragma GCC unroll 16
      for (int j = 0; j < Vectors; ++j) {
        float* c = out + i * p.c_row + j * Lanes::width;
        if (j + 1 < Vectors || last == Lanes::width)
          Lanes::store(c, sum[i][j]);
        else
          Lanes::store_first(c, sum[i][j], last);
      }
  }
}

template <class Lanes>
void product_pack(const float* b, std::ptrdiff_t b_step, int k, int columns, float* out) {
  for (int i = 0; i < k; i += Lanes::depth, b += Lanes::depth * b_step)
    for (int j = 0; j < columns; j += Lanes::width, out += Lanes::width)
      Lanes::store(out, Lanes::of_columns(b + j, b_step, k - i));
}

template <class Lanes>
constexpr int elements_of(int k) {
  return (k + Lanes::depth - 1) / Lanes::depth;
}

template <class Lanes>
void product_pack_rows(const float* a, std::ptrdiff_t a_row, int k, int rows, float* out) {
  for (int r = 0; r < rows; ++r, a += a_row)
    for (int i = 0; i < elements_of<Lanes>(k); i += Lanes::width, out += Lanes::width)
      Lanes::store(out, Lanes::of_row(a + i * Lanes::depth, k - i * Lanes::depth));
}

/// One step of a transpose: swaps the off-diagonal quarters of each square of 2 * Half by 2 * Half.
template <class Lanes, int Half>
void swap_quarters(typename Lanes::V* rows) {
  typename Lanes::Index low, high;
  for (int i = 0; i < Lanes::width; ++i) {
    const bool right = (i & Half) != 0;
    low[i] = right ? Lanes::width + i - Half : i;
    high[i] = right ? Lanes::width + i : i + Half;
  }
  for (int i = 0; i < Lanes::width; ++i) {
    if (i & Half) continue;
    const typename Lanes::V top = rows[i], bottom = rows[i + Half];
    rows[i] = __builtin_shuffle(top, bottom, low);
    rows[i + Half] = __builtin_shuffle(top, bottom, high);
  }
}

template <class Lanes>
void product_pack_transposed(const float* b, std::ptrdiff_t b_column, int k, int columns, float* out) {
  constexpr int width = Lanes::width;
  const int packed = (columns + width - 1) / width * width, elements = elements_of<Lanes>(k);
  for (int j = 0; j < columns; j += width)
    for (int i = 0; i < elements; i += width) {
      if (Lanes::depth == 1 && elements - i < width / 2) {
        for (; i < elements; ++i)
          for (int r = 0; r < width && j + r < columns; ++r)
            out[i * packed + j + r] = b[(j + r) * b_column + i];
        break;
      }
      typename Lanes::V square[width];
      for (int r = 0; r < width; ++r) {
        const int column = j + r < columns ? j + r : columns - 1;
        square[r] = Lanes::of_row(b + column * b_column + i * Lanes::depth, k - i * Lanes::depth);
      }
      swap_quarters<Lanes, 1>(square);
      swap_quarters<Lanes, 2>(square);
      if constexpr (width > 4) swap_quarters<Lanes, 4>(square);
      if constexpr (width > 8) swap_quarters<Lanes, 8>(square);
      for (int r = 0; r < width; ++r) Lanes::store(out + (i + r) * packed + j, square[r]);
    }
}

template <class Lanes, int Vectors, int... Row>
constexpr void name_blocks(ProductKernels& kernels, std::integer_sequence<int, Row...>) {
  kernels.rows[Vectors - 1] = sizeof...(Row);
  ((kernels.block[Vectors - 1][Row] = product_block<Lanes, Row + 1, Vectors>), ...);
}

/// The table of an instruction set: most rows of a block with 1, 2, ... vectors.
template <class Lanes, int... Rows>
constexpr ProductKernels product_kernels() {
  ProductKernels kernels{};
  kernels.depth = Lanes::depth;
  kernels.width = Lanes::width;
  kernels.vectors = sizeof...(Rows);
  [&]<int... N>(std::integer_sequence<int, N...>) {
    (name_blocks<Lanes, N + 1>(kernels, std::make_integer_sequence<int, Rows>{}), ...);
  }
  (std::make_integer_sequence<int, sizeof...(Rows)>{});
  kernels.pack = product_pack<Lanes>;
  kernels.pack_transposed = product_pack_transposed<Lanes>;
  if constexpr (Lanes::depth > 1) kernels.pack_rows = product_pack_rows<Lanes>;
  return kernels;
}

}  // namespace bpnet::math
