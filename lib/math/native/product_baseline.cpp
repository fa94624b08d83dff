// Products for every processor: vectors of 4 floats.

#include "lanes_baseline.hpp"
#include "product_kernel.hpp"

namespace bpnet::math {

constinit const ProductKernels product_kernels_baseline = product_kernels<Floats<Lanes>, 12, 6, 4>();

}  // namespace bpnet::math
