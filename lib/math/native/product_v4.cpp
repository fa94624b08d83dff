// Products for x86-64-v4 (AVX-512): 32 registers of 16 floats.

#if defined(__x86_64__)
#include <immintrin.h>

#include <utility>

#include "product_kernels.hpp"
#pragma GCC target("arch=x86-64-v4")
#include "product_kernel.hpp"

namespace bpnet::math {

namespace {
struct Lanes {
  using V = __m512;
  using Index = int __attribute__((vector_size(64)));
  static constexpr int width = 16;
  static V all(float x) { return _mm512_set1_ps(x); }
  static V load(const float* p) { return _mm512_loadu_ps(p); }
  static V load_first(const float* p, int n) { return _mm512_maskz_loadu_ps(mask(n), p); }
  static void store(float* p, V v) { _mm512_storeu_ps(p, v); }
  static void store_first(float* p, V v, int n) { _mm512_mask_storeu_ps(p, mask(n), v); }
  static __mmask16 mask(int n) { return static_cast<__mmask16>((1u << n) - 1); }
};
}  // namespace

constinit const ProductKernels product_kernels_v4 = product_kernels<Lanes, 12, 12, 8, 6>();

}  // namespace bpnet::math
#endif
