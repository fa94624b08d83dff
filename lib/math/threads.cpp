#include "math/threads.hpp"

#include <omp.h>

#include <algorithm>
#include <cstdint>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace bpnet::math {

namespace {
int pool = 1;

/// Numbers too small for full precision become 0, read and written: they cost hundreds of cycles otherwise.
void flush_to_zero() {
#if defined(__x86_64__)
  _mm_setcsr(_mm_getcsr() | 0x8040);
#elif defined(__aarch64__)
  std::uint64_t control;
  asm volatile("mrs %0, fpcr" : "=r"(control));
  asm volatile("msr fpcr, %0" : : "r"(control | (std::uint64_t{1} << 24)));
#endif
}
}  // namespace

void set_threads(int count) {
  pool = std::max(1, count);
  omp_set_dynamic(0);
  omp_set_num_threads(pool);
  flush_to_zero();
  if (pool == 1) return;
#pragma omp parallel num_threads(pool)
  flush_to_zero();
}

int threads() { return pool; }

int thread_index() { return omp_get_thread_num(); }

void detail::run_tiles(std::ptrdiff_t tiles, void (*call)(void*, std::ptrdiff_t), void* context) {
#pragma omp parallel for schedule(static) num_threads(pool)
  for (std::ptrdiff_t i = 0; i < tiles; ++i) call(context, i);
}

}  // namespace bpnet::math
