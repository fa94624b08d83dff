#pragma once
// A register of 16 floats, for x86-64-v4 (AVX-512). Each file that includes this one has it for itself, under
// its own target.

#include <immintrin.h>

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

}  // namespace bpnet::math
