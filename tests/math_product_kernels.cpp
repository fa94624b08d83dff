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
  for (const ProductShape& of : {ProductShape{1, 1, 1},
                                 {7, 3, 20},
                                 {40, 2, 9},
                                 {32, 64, 64},
                                 {61, 37, 50},
                                 {130, 75, 300},
                                 {300, 129, 301}})
    math_test::each_variant(of, [&](const ProductShape& s, int variant) {
      CAPTURE(s.m);
      CAPTURE(variant);
      const math_test::Operands o(s);
      const auto run = [&](const bpnet::math::ProductKernels& kernels) {
        const auto product = bpnet::math::prepare_product(s, kernels);
        const Memory scratch(product->scratch_bytes);
        Numbers out = o.c.clone();
        product->run(o.a.data(), math_test::operand_b(*product, s, o).data(),
                     s.bias ? o.bias.data() : nullptr, out.data(), scratch.data());
        return out;
      };
      const Numbers first = run(*usable.front());
      for (const auto* kernels : usable.subspan(1))
        CHECK(math_test::difference(run(*kernels), first) < 1e-6 * (4 + std::sqrt(s.k) * 2));
    });
}
