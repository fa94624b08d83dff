#include <doctest/doctest.h>

#include "allocations.hpp"
#include "product_help.hpp"

using bpnet::Memory;
using bpnet::Real;
using math_test::defined;
using math_test::Numbers;
using math_test::Operands;
using math_test::ProductShape;

namespace {

Numbers computed(const ProductShape& s, const Operands& o) {
  const auto product = bpnet::math::prepare_product(s);
  Memory scratch(product->scratch_bytes);
  Numbers c = o.c.clone();
  product->run(o.a.data(), math_test::operand_b(*product, s, o).data(), s.bias ? o.bias.data() : nullptr,
               c.data(), scratch.data());
  return c;
}

}  // namespace

TEST_CASE("products of any shape are the definition's") {
  for (const ProductShape& of : math_test::product_shapes)
    math_test::each_variant(of, [](const ProductShape& s, int variant) {
      CAPTURE(s.m);
      CAPTURE(s.n);
      CAPTURE(s.k);
      CAPTURE(variant);
      const Operands o(s);
      const double tolerance = (sizeof(Real) == 4 ? 1e-6 : 1e-15) * (4 + std::sqrt(s.k) * 2);
      CHECK(math_test::difference(computed(s, o), defined(s, o)) < tolerance);
    });
}

TEST_CASE("products have the same bits on any number of threads") {
  for (ProductShape s : {ProductShape{128, 256, 100},
                         {300, 10, 128},
                         {70, 500, 64},
                         {600, 64, 33},
                         {10, 2000, 50},
                         {300, 129, 301}})
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
