// Products for x86-64-v4 (AVX-512): 32 registers of 16 floats.

#if defined(__x86_64__)
#include <immintrin.h>

#include <utility>

#include "product_kernels.hpp"
#pragma GCC target("arch=x86-64-v4")
#include "lanes_v4.hpp"
#include "product_kernel.hpp"

namespace bpnet::math {

constinit const ProductKernels product_kernels_v4 = product_kernels<Floats<Lanes>, 12, 12, 8, 6>();

}  // namespace bpnet::math
#endif
