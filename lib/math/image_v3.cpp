// Kernels of images for x86-64-v3 (AVX2).

#if defined(__x86_64__)
#include <algorithm>
#include <limits>

#include "math/image_kernels.hpp"
#define BPNET_WIDE_BYTES 32
#pragma GCC target("arch=x86-64-v3")
#include "math/image_kernels_table.hpp"

namespace bpnet::math {
constinit const ImageKernels image_kernels_v3 = BPNET_IMAGE_KERNELS;
}
#endif
