#pragma once
// Vectors of Real for kernels that are compiled for one instruction set each: as many bytes as its registers
// have. Loads may read up to 64 bytes behind a buffer's end, which all buffers have.

#include "core/shape.hpp"

#if !defined(BPNET_WIDE_BYTES)
#error "the file that includes the kernels says how wide the registers are"
#endif

namespace bpnet::math {

namespace {

using Wide [[gnu::vector_size(BPNET_WIDE_BYTES)]] = Real;
using LooseWide [[gnu::vector_size(BPNET_WIDE_BYTES), gnu::aligned(alignof(Real)), gnu::may_alias]] = Real;

constexpr int width = static_cast<int>(BPNET_WIDE_BYTES / sizeof(Real));
constexpr bool many_registers = BPNET_WIDE_BYTES == 64;  // 32 instead of 16

#define BPNET_INLINE [[gnu::always_inline]] inline

/// out = the vector at p.
BPNET_INLINE void load(const Real* p, Wide& out) { out = *reinterpret_cast<const LooseWide*>(p); }
BPNET_INLINE void store(const Wide& v, Real* p) { *reinterpret_cast<LooseWide*>(p) = v; }
/// The first n elements of v to p; all if n is the width or more. Through memory of its own, so that v, whose
/// elements are asked for one by one, may stay in a register elsewhere.
BPNET_INLINE void store_some(const Wide& v, int n, Real* p) {
  if (n >= width) return store(v, p);
  Real elements[width];
  store(v, elements);
  for (int i = 0; i < n; ++i) p[i] = elements[i];
}

}  // namespace

}  // namespace bpnet::math
