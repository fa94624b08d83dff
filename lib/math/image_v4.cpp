// Kernels of images for x86-64-v4 (AVX-512).

#if defined(__x86_64__)
#include <algorithm>
#include <limits>

#include "math/image_kernels.hpp"
#define BPNET_WIDE_BYTES 64
#pragma GCC target("arch=x86-64-v4")
#include "math/image_kernels_table.hpp"

namespace bpnet::math {
constinit const ImageKernels image_kernels_v4 = BPNET_IMAGE_KERNELS;
}
#endif
