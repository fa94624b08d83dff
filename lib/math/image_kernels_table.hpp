#pragma once
// The table of one instruction set, made by the file that includes this behind its target.

#include "math/batch_norm_kernel.hpp"
#include "math/depthwise_kernel.hpp"
#include "math/lanes_kernel.hpp"
#include "math/pool_kernel.hpp"
#include "math/winograd_kernel.hpp"

#define BPNET_IMAGE_KERNELS                                                                                 \
  {                                                                                                         \
    width, winograd::inputs, winograd::gradients, winograd::outputs, winograd::weights,                     \
        winograd::back_to_weights, to_lanes, from_lanes, convolve_block, correlate_blocks, sum_blocks,      \
        pool_block, pool_block_backward, max_row, max_back_row, average_row, average_back_row,              \
        row_of_places, row_back, weights_of_sample, batch_norm_kernels::moments, batch_norm_kernels::lines, \
        batch_norm_kernels::gradient_sums, batch_norm_kernels::input_gradient, batch_norm_kernels::pooled,  \
        batch_norm_kernels::pooled_gradient_sums, batch_norm_kernels::pooled_input_gradient                 \
  }
