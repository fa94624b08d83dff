// Kernels of images for what every CPU has.

#include "math/image_kernels.hpp"
#define BPNET_WIDE_BYTES 16
#include "math/image_kernels_table.hpp"

namespace bpnet::math {

constinit const ImageKernels image_kernels_baseline = BPNET_IMAGE_KERNELS;

std::span<const ImageKernels* const> usable_image_kernels() {
#if defined(__x86_64__)
  static constexpr const ImageKernels* all[] = {&image_kernels_v4, &image_kernels_v3,
                                                &image_kernels_baseline};
  const std::span<const ImageKernels* const> tables = all;
  return tables.subspan(__builtin_cpu_supports("x86-64-v4")   ? 0
                        : __builtin_cpu_supports("x86-64-v3") ? 1
                                                              : 2);
#else
  static constexpr const ImageKernels* all[] = {&image_kernels_baseline};
  return all;
#endif
}

const ImageKernels& image_kernels() { return *usable_image_kernels().front(); }

}  // namespace bpnet::math
