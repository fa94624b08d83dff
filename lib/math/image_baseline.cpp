// Kernels of images for what every CPU has.

#include "math/image_kernels.hpp"
#define BPNET_WIDE_BYTES 16
#include "math/image_kernels_table.hpp"

namespace bpnet::math {

constinit const ImageKernels image_kernels_baseline = BPNET_IMAGE_KERNELS;

const ImageKernels& image_kernels() {
#if defined(__x86_64__)
  static const ImageKernels& best = __builtin_cpu_supports("x86-64-v4")   ? image_kernels_v4
                                    : __builtin_cpu_supports("x86-64-v3") ? image_kernels_v3
                                                                          : image_kernels_baseline;
  return best;
#else
  return image_kernels_baseline;
#endif
}

}  // namespace bpnet::math
