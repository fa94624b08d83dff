#pragma once
// What the tests of products share: operands, shapes, and the definition.

#include "math/product.hpp"
#include "math_help.hpp"

namespace math_test {

using bpnet::math::ProductShape;

inline std::size_t product_of(int a, int b) {
  return static_cast<std::size_t>(a) * static_cast<std::size_t>(b);
}

struct Operands {
  Numbers a, b, bias, c;
  explicit Operands(const ProductShape& s)
      : a(product_of(s.m, s.k), 1),
        b(product_of(s.k, s.n), 2),
        bias(product_of(s.n, 1), 3),
        c(product_of(s.m, s.n), 4) {}
};

/// The definition: three loops in double.
inline Numbers defined(const ProductShape& s, const Operands& o) {
  Numbers c(o.c.size());
  for (int i = 0; i < s.m; ++i)
    for (int j = 0; j < s.n; ++j) {
      double sum = 0;
      for (int k = 0; k < s.k; ++k)
        sum += static_cast<double>(o.a[s.transpose_a ? product_of(k, s.m) + static_cast<std::size_t>(i)
                                                     : product_of(i, s.k) + static_cast<std::size_t>(k)]) *
               static_cast<double>(o.b[s.transpose_b ? product_of(j, s.k) + static_cast<std::size_t>(k)
                                                     : product_of(k, s.n) + static_cast<std::size_t>(j)]);
      const std::size_t at = product_of(i, s.n) + static_cast<std::size_t>(j);
      if (s.bias) sum += static_cast<double>(o.bias[static_cast<std::size_t>(j)]);
      if (s.add) sum += static_cast<double>(o.c[at]);
      c[at] = static_cast<Real>(sum);
    }
  return c;
}

inline const ProductShape product_shapes[] = {
    {1, 1, 1},     {1, 1, 37},    {5, 1, 3},      {1, 7, 9},      {32, 16, 4},     {32, 3, 16},
    {16, 3, 32},   {4, 16, 32},   {32, 64, 10},   {32, 2, 64},    {64, 2, 32},     {13, 17, 19},
    {7, 31, 33},   {31, 48, 15},  {33, 49, 65},   {9, 80, 128},   {50, 63, 1},     {64, 65, 2},
    {129, 100, 7}, {47, 15, 90},  {128, 10, 300}, {300, 10, 128}, {65, 130, 257},  {100, 200, 150},
    {260, 33, 70}, {517, 40, 20}, {12, 500, 129}, {70, 3, 600},   {300, 129, 301}, {520, 33, 515}};

/// B as the product reads it.
inline Numbers operand_b(const bpnet::math::Product& product, const ProductShape& s, const Operands& o) {
  if (!s.packed_b) return o.b.clone();
  Numbers packed(product.packed_elements);
  product.pack(o.b.data(), packed.data());
  return packed;
}

/// Calls f(shape, number) for every way the operands may lie, alone, added, and with a bias; B packed before
/// or not.
template <class F>
void each_variant(ProductShape s, F f) {
  for (int variant = 0; variant < 24; ++variant) {
    s.transpose_a = variant % 2 == 1;
    s.transpose_b = variant / 2 % 2 == 1;
    s.add = variant / 4 % 3 == 1;
    s.bias = variant / 4 % 3 == 2;
    s.packed_b = variant / 12 == 1;
    f(s, variant);
  }
}

}  // namespace math_test
