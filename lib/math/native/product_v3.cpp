// Products for x86-64-v3 (AVX2 and FMA): 16 registers of 8 floats.

#if defined(__x86_64__)
#include <immintrin.h>

#include <utility>

#include "product_kernels.hpp"
#pragma GCC target("arch=x86-64-v3")
#include "product_kernel.hpp"

namespace bpnet::math {

namespace {
struct Lanes {
  using V = __m256;
  using Index = int __attribute__((vector_size(32)));
  static constexpr int width = 8;
  static V all(float x) { return _mm256_set1_ps(x); }
  static V load(const float* p) { return _mm256_loadu_ps(p); }
  static V load_first(const float* p, int n) { return _mm256_maskload_ps(p, mask(n)); }
  static void store(float* p, V v) { _mm256_storeu_ps(p, v); }
  static void store_first(float* p, V v, int n) { _mm256_maskstore_ps(p, mask(n), v); }
  static __m256i mask(int n) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
  }
};
}  // namespace

constinit const ProductKernels product_kernels_v3 = product_kernels<Floats<Lanes>, 12, 6, 4>();

}  // namespace bpnet::math
#endif
