#pragma once
// The kernels of images that are written in vectors: one table for each instruction set, as code in vectors
// becomes that of the instruction set its file is compiled for.

#include <span>

#include "math/batch_norm_lines.hpp"
#include "math/lanes_convolution.hpp"
#include "math/pool.hpp"
#include "math/winograd.hpp"

namespace bpnet::math {

struct ImageKernels {
  int width;  // elements of a vector
  // Winograd's transforms, see math/winograd.hpp. Planes of the inputs of `count` tiles, counted over all
  // samples; of the gradients of their outputs; y of them from planes, bias may be null.
  void (*winograd_inputs)(const winograd::Tiling& t, const Real* x, int channels, int first, int count,
                          Real* out, std::size_t plane);
  void (*winograd_gradients)(const winograd::Tiling& t, const Real* dy, int channels, int first, int count,
                             Real* out, std::size_t plane);
  void (*winograd_outputs)(const winograd::Tiling& t, const Real* in, std::size_t plane, const Real* bias,
                           int channels, int first, int count, Real* y);
  // Planes of row `i` of weights (3, 3, in, out), `flipped`: of the kernel turned by half a turn; and row `i`
  // of dw from the sum of `shards` arrays of planes, `shard` elements apart, assigned or added.
  void (*winograd_weights)(const Real* w, int in, int out, int i, bool flipped, Real* to, std::size_t plane);
  void (*winograd_weight_gradients)(const Real* in, std::size_t plane, int shards, std::size_t shard, int ins,
                                    int outs, int i, bool add, Real* dw);
  // What math/lanes_convolution.hpp is made of: (count, n) to (n, width) and back, zeros where there is no
  // sample; a convolution, dw and db of blocks of samples; the greatest of windows, and 0 where that is less.
  void (*to_lanes)(const Real* in, std::ptrdiff_t n, int count, Real* out);
  void (*from_lanes)(const Real* in, std::ptrdiff_t n, int count, Real* out);
  void (*convolve)(const Window& s, int in, int out, const Real* x, const Real* w, const Real* bias, Real* y);
  void (*correlate)(const Window& s, int in, int out, const Real* x, const Real* dy, int blocks,
                    std::ptrdiff_t x_block, std::ptrdiff_t y_block, Real* dw);
  void (*sum_blocks)(const Real* dy, int places, int out, int blocks, std::ptrdiff_t y_block, Real* db);
  void (*pool_lanes)(const Real* y, int rows, int columns, int out, int high, int wide, Real* pooled);
  void (*pool_lanes_backward)(const Real* gradient, int rows, int columns, int out, int high, int wide,
                              Real* y);
  // One row of places of one image: math/pool.hpp, and convolutions channel by channel.
  void (*max_row)(const Window& w, const Real* x, int row, int channels, Real* y);
  void (*max_back_row)(const Window& w, bool assign, const Real* x, const Real* dy, int row, int channels,
                       Real* dx);
  void (*average_row)(const Window& w, const Real* x, int row, int channels, Real* y);
  void (*average_back_row)(const Window& w, const Real* dy, int row, int channels, Real* dx);
  void (*depthwise_row)(const Window& s, int channels, const Real* x, const Real* w, const Real* bias,
                        int row, Real* y);
  void (*depthwise_back)(const Window& s, int channels, const Real* dy, const Real* w, int row, Real* dx);
  void (*depthwise_weights)(const Window& s, int channels, const Real* x, const Real* dy, Real* dw);
  // Batch normalisation of `count` rows: means and sums of squares about them to out (2, columns); lines;
  // sums of gradients, and of these times (x - mean), to out (2, columns); gradients of inputs. The same of
  // rows of windows, whose greatest a pooling behind it takes.
  void (*norm_moments)(const Real* in, int columns, int first, int count, Real* out);
  void (*norm_lines)(const Lines& l, const Real* in, int columns, int first, int count, Real* out);
  void (*norm_sums)(const Lines& l, const Real* in, const Real* dout, int columns, int first, int count,
                    Real* out);
  void (*norm_back)(const Lines& l, const LinesBack& back, const Real* in, const Real* dout, int columns,
                    int first, int count, Real* din);
  void (*norm_pooled)(const Lines& l, const PoolTiles& t, const Real* in, int columns, int first, int count,
                      Real* out);
  void (*norm_pooled_sums)(const Lines& l, const PoolTiles& t, const Real* in, const Real* dout, int columns,
                           int first, int count, Real* out);
  void (*norm_pooled_back)(const Lines& l, const LinesBack& back, const PoolTiles& t, const Real* in,
                           const Real* dout, int columns, int first, int count, Real* din);
};

/// The tables this CPU can run, the fastest first.
std::span<const ImageKernels* const> usable_image_kernels();

extern const ImageKernels image_kernels_baseline, image_kernels_v3, image_kernels_v4;

}  // namespace bpnet::math
