#pragma once
// Vectors of 64 bytes of Real for functions marked BPNET_CLONES: one register, or several of a narrower
// instruction set. Loads may read up to 64 bytes behind a buffer's end, which all buffers have.

#include "math/map.hpp"
#include "math/reduce.hpp"

namespace bpnet::math {

using Wide [[gnu::vector_size(64)]] = Real;

namespace detail {
using LooseWide [[gnu::vector_size(64), gnu::aligned(alignof(Real)), gnu::may_alias]] = Real;
}

#define BPNET_INLINE [[gnu::always_inline]] inline

/// out = the vector at p.
BPNET_INLINE void load(const Real* p, Wide& out) { out = *reinterpret_cast<const detail::LooseWide*>(p); }
/// The first n elements of v to p; all if n is the width.
BPNET_INLINE void store_some(const Wide& v, int n, Real* p) {
  if (n >= lanes)
    *reinterpret_cast<detail::LooseWide*>(p) = v;
  else
    for (int i = 0; i < n; ++i) p[i] = v[i];
}
BPNET_INLINE void store(const Wide& v, Real* p) { *reinterpret_cast<detail::LooseWide*>(p) = v; }

}  // namespace bpnet::math
