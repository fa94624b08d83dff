// Products whose operands are rounded to bfloat16: of this CPU, if it has them, and of kernels that do the
// same in plain floats, which every CPU runs.

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <lanes_baseline.hpp>
#include <product_kernel.hpp>
#include <vector>

#include "allocations.hpp"
#include "product_help.hpp"

using bpnet::Memory;
using math_test::Numbers;
using math_test::Operands;
using math_test::ProductShape;

namespace bpnet::math {
namespace {

std::uint32_t rounded(float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  return (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
}

struct PlainPairs : Lanes {
  static constexpr int depth = 2;
  static V add_product(V sum, V x, V y) {
    for (int i = 0; i < width; ++i) sum[i] = sum[i] + high(x[i]) * high(y[i]) + low(x[i]) * low(y[i]);
    return sum;
  }
  static V of_columns(const float* b, std::ptrdiff_t b_step, int left) {
    V v;
    for (int i = 0; i < width; ++i) v[i] = pair(b[i], left > 1 ? b[i + b_step] : 0);
    return v;
  }
  static V of_row(const float* b, int left) {
    V v{};
    for (int i = 0; i < std::min(width, (left + 1) / 2); ++i)
      v[i] = pair(b[2 * i], left > 2 * i + 1 ? b[2 * i + 1] : 0);
    return v;
  }
  static float pair(float first, float second) {
    return std::bit_cast<float>(rounded(second) << 16 | rounded(first));
  }
  static float low(float x) { return std::bit_cast<float>(std::bit_cast<std::uint32_t>(x) << 16); }
  static float high(float x) { return std::bit_cast<float>(std::bit_cast<std::uint32_t>(x) & 0xFFFF0000); }
};

constinit const ProductKernels plain = product_kernels<PlainPairs, 12, 6, 4>();

std::vector<const ProductKernels*> tables() {
  std::vector<const ProductKernels*> out = {&plain};
#if defined(__x86_64__)
  if (has_bfloat16()) out.push_back(&product_kernels_bfloat16);
#endif
  return out;
}

Numbers computed(const ProductShape& s, const Operands& o, const ProductKernels& kernels) {
  const auto product = prepare_product(s, kernels);
  const Memory scratch(product->scratch_bytes);
  Numbers c = o.c.clone();
  const Numbers b = math_test::operand_b(*product, s, o);
  const long before = allocations::count();
  product->run(o.a.data(), b.data(), s.bias ? o.bias.data() : nullptr, c.data(), scratch.data());
  CHECK(allocations::count() == before);
  return c;
}

void round_all(Numbers& numbers) {
  for (std::size_t i = 0; i < numbers.size(); ++i)
    numbers[i] = std::bit_cast<float>(rounded(numbers[i]) << 16);
}

}  // namespace
}  // namespace bpnet::math

TEST_CASE("products in bfloat16 are the definition's of the rounded operands") {
  for (const ProductShape& of : math_test::product_shapes)
    math_test::each_variant(of, [](const ProductShape& s, int variant) {
      CAPTURE(s.m);
      CAPTURE(s.n);
      CAPTURE(s.k);
      CAPTURE(variant);
      const Operands o(s);
      Operands of_rounded(s);
      bpnet::math::round_all(of_rounded.a);
      bpnet::math::round_all(of_rounded.b);
      const Numbers expected = math_test::defined(s, of_rounded);
      for (const auto* kernels : bpnet::math::tables())
        CHECK(math_test::difference(bpnet::math::computed(s, o, *kernels), expected) <
              1e-6 * (4 + std::sqrt(s.k) * 2));
    });
}

TEST_CASE("products in bfloat16 have the same bits on any number of threads") {
  for (ProductShape s :
       {ProductShape{128, 256, 101}, {300, 10, 128}, {70, 500, 64}, {600, 640, 33}, {10, 2000, 50}})
    for (int variant = 0; variant < 4; ++variant) {
      s.transpose_a = variant % 2 == 1;
      s.transpose_b = variant / 2 == 1;
      const Operands o(s);
      for (const auto* kernels : bpnet::math::tables())
        CHECK(math_test::same_on_any_threads([&] { return bpnet::math::computed(s, o, *kernels); }));
    }
}

TEST_CASE(
    "products in bfloat16 read nothing behind a row or a matrix, where k is odd or its last pair is half") {
  for (ProductShape s : {ProductShape{5, 3, 5}, {13, 17, 33}, {3, 40, 1}})
    for (int variant = 0; variant < 4; ++variant) {
      s.transpose_a = variant % 2 == 1;
      s.transpose_b = variant / 2 == 1;
      CAPTURE(s.k);
      CAPTURE(variant);
      const Operands o(s);
      Operands behind(s);
      for (auto [from, to] : {std::pair{&o.a, &behind.a}, {&o.b, &behind.b}}) {
        *to = Numbers(from->size() + 16);
        for (std::size_t i = 0; i < to->size(); ++i) (*to)[i] = i < from->size() ? (*from)[i] : NAN;
      }
      for (const auto* kernels : bpnet::math::tables())
        CHECK(bpnet::math::computed(s, behind, *kernels).same_bits(bpnet::math::computed(s, o, *kernels)));
    }
}
