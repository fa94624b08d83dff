// Products of bfloat16 for AVX512_BF16: every lane of an operand's register holds two k's, rounded to nearest
// even; one instruction multiplies both pairs and adds them to a sum in float, the second pair first.

#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>
#include <utility>

#include "product_kernels.hpp"
#pragma GCC target("arch=x86-64-v4,avx512bf16")
#include "lanes_v4.hpp"
#include "product_kernel.hpp"

namespace bpnet::math {

namespace {
struct Pairs : Lanes {
  static constexpr int depth = 2;
  static V add_product(V sum, V x, V y) {
    return _mm512_dpbf16_ps(sum, reinterpret_cast<__m512bh>(x), reinterpret_cast<__m512bh>(y));
  }
  static V of_columns(const float* b, std::ptrdiff_t b_step, int left) {
    const __m512i paired = _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8,  //
                                            23, 7, 22, 6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
    const __m512i halves = rounded(load(b), left > 1 ? load(b + b_step) : all(0));
    return _mm512_castsi512_ps(_mm512_permutexvar_epi16(paired, halves));
  }
  static V of_row(const float* b, int left) {
    if (left >= 2 * width) return _mm512_castsi512_ps(rounded(load(b), load(b + width)));
    const V high = load_first(b + width, std::clamp(left - width, 0, width));
    return _mm512_castsi512_ps(rounded(load_first(b, std::min(left, width)), high));
  }
  static __m512i rounded(V low, V high) { return reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(high, low)); }
};
}  // namespace

constinit const ProductKernels product_kernels_bfloat16 = product_kernels<Pairs, 12, 12, 8, 6>();

}  // namespace bpnet::math
#endif
