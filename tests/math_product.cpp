#include <doctest/doctest.h>

#include "allocations.hpp"
#include "math/product.hpp"
#include "math_help.hpp"

using bpnet::Memory;
using bpnet::Real;
using bpnet::math::ProductShape;
using math_test::Numbers;

namespace {

std::size_t product_of(int a, int b) { return static_cast<std::size_t>(a) * static_cast<std::size_t>(b); }

struct Operands {
  Numbers a, b, bias, c;
  explicit Operands(const ProductShape& s)
      : a(product_of(s.m, s.k), 1),
        b(product_of(s.k, s.n), 2),
        bias(product_of(s.n, 1), 3),
        c(product_of(s.m, s.n), 4) {}
};

Numbers computed(const ProductShape& s, const Operands& o) {
  const auto product = bpnet::math::prepare_product(s);
  Memory scratch(product->scratch_bytes);
  Numbers c = o.c.clone();
  product->run(o.a.data(), o.b.data(), s.bias ? o.bias.data() : nullptr, c.data(), scratch.data());
  return c;
}

/// The definition: three loops in double.
Numbers defined(const ProductShape& s, const Operands& o) {
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

const ProductShape shapes[] = {{1, 1, 1},      {1, 1, 37},     {5, 1, 3},      {1, 7, 9},       {32, 16, 4},
                               {32, 3, 16},    {16, 3, 32},    {4, 16, 32},    {32, 64, 10},    {32, 2, 64},
                               {64, 2, 32},    {13, 17, 19},   {7, 31, 33},    {31, 48, 15},    {33, 49, 65},
                               {9, 80, 128},   {50, 63, 1},    {64, 65, 2},    {129, 100, 7},   {47, 15, 90},
                               {128, 10, 300}, {300, 10, 128}, {65, 130, 257}, {100, 200, 150}, {260, 33, 70},
                               {517, 40, 20},  {12, 500, 129}, {70, 3, 600}};

}  // namespace

TEST_CASE("products of any shape are the definition's") {
  for (ProductShape s : shapes)
    for (int variant = 0; variant < 12; ++variant) {
      s.transpose_a = variant % 2 == 1;
      s.transpose_b = variant / 2 % 2 == 1;
      s.add = variant / 4 == 1;
      s.bias = variant / 4 == 2;
      CAPTURE(s.m);
      CAPTURE(s.n);
      CAPTURE(s.k);
      CAPTURE(variant);
      const Operands o(s);
      const double tolerance = (sizeof(Real) == 4 ? 1e-6 : 1e-15) * (4 + std::sqrt(s.k) * 2);
      CHECK(math_test::difference(computed(s, o), defined(s, o)) < tolerance);
    }
}

TEST_CASE("products have the same bits on any number of threads") {
  for (ProductShape s :
       {ProductShape{128, 256, 100}, {300, 10, 128}, {70, 500, 64}, {600, 64, 33}, {10, 2000, 50}})
    for (int variant = 0; variant < 4; ++variant) {
      s.transpose_a = variant % 2 == 1;
      s.transpose_b = variant / 2 == 1;
      const Operands o(s);
      CHECK(math_test::same_on_any_threads([&] { return computed(s, o); }));
    }
}

TEST_CASE("products take nothing from the heap when they run") {
  bpnet::math::set_threads(2);
  for (const ProductShape& s :
       {ProductShape{32, 3, 16}, {16, 3, 32, true}, {128, 256, 300}, {128, 300, 256, false, true}}) {
    const Operands o(s);
    const auto product = bpnet::math::prepare_product(s);
    const Memory scratch(product->scratch_bytes);
    const long before = allocations::count();
    product->run(o.a.data(), o.b.data(), nullptr, o.c.data(), scratch.data());
    CHECK(allocations::count() == before);
  }
  bpnet::math::set_threads(1);
}

TEST_CASE("numbers behind a matrix's end do not matter") {
  const ProductShape s = {5, 3, 4};
  const Operands o(s);
  Numbers b(o.b.size() + 16);
  for (std::size_t i = 0; i < b.size(); ++i) b[i] = i < o.b.size() ? o.b[i] : NAN;
  Numbers c(o.c.size() + 16);
  for (std::size_t i = 0; i < c.size(); ++i) c[i] = 7;
  const auto product = bpnet::math::prepare_product(s);
  Memory scratch(product->scratch_bytes);
  product->run(o.a.data(), b.data(), nullptr, c.data(), scratch.data());
  const Numbers expected = defined(s, o);
  for (std::size_t i = 0; i < c.size(); ++i)
    CHECK(c[i] == doctest::Approx(i < expected.size() ? expected[i] : 7).epsilon(1e-5));
}
