#include <doctest/doctest.h>

#include <cmath>
#include <product_kernels.hpp>

#include "math_help.hpp"
#include "product_help.hpp"

using bpnet::Memory;
using bpnet::math::ProductShape;
using math_test::Numbers;

TEST_CASE("every instruction set computes the same products, up to rounding") {
  const auto usable = bpnet::math::usable_product_kernels();
  REQUIRE(!usable.empty());
  for (const ProductShape& of :
       {ProductShape{1, 1, 1}, {7, 3, 20}, {40, 2, 9}, {32, 64, 64}, {61, 37, 50}, {130, 75, 300}})
    math_test::each_variant(of, [&](const ProductShape& s, int variant) {
      CAPTURE(s.m);
      CAPTURE(variant);
      const auto size = [](int a, int b) {
        return static_cast<std::size_t>(a) * static_cast<std::size_t>(b);
      };
      const Numbers a(size(s.m, s.k), 1), b(size(s.k, s.n), 2), bias(size(s.n, 1), 3), c(size(s.m, s.n), 4);
      const auto run = [&](const bpnet::math::ProductKernels& kernels) {
        const auto product = bpnet::math::prepare_product(s, kernels);
        const Memory scratch(product->scratch_bytes);
        Numbers out = c.clone();
        product->run(a.data(), b.data(), s.bias ? bias.data() : nullptr, out.data(), scratch.data());
        return out;
      };
      const Numbers first = run(*usable.front());
      for (const auto* kernels : usable.subspan(1))
        CHECK(math_test::difference(run(*kernels), first) < 1e-6 * (4 + std::sqrt(s.k) * 2));
    });
}
