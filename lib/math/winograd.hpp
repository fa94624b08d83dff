#pragma once
// The transforms of Winograd's F(4x4, 3x3) (Lavin and Gray 2016): each 4x4 tile of outputs becomes 36
// independent products. What is transformed is `planes` of (tiles, channels), `plane` elements apart, plane
// 6 * row + column of the transform's 6x6.

#include <cstddef>

#include "core/shape.hpp"

namespace bpnet::math::winograd {

inline constexpr int planes = 36, out_tile = 4, kernel = 3;

/// Images cut into tiles; a tile's 6x6 inputs begin `before` pixels up and left of its outputs.
struct Tiling {
  int in_rows, in_columns, out_rows, out_columns;
  int before_rows, before_columns;
  int down() const { return (out_rows + out_tile - 1) / out_tile; }
  int across() const { return (out_columns + out_tile - 1) / out_tile; }
  int tiles() const { return down() * across(); }  // of an image
};

/// Planes of the inputs of `count` tiles, counted over all samples.
void transform_inputs(const Tiling& t, const Real* x, int channels, int first, int count, Real* out,
                      std::size_t plane);
/// Planes of the gradients of the outputs of `count` tiles.
void transform_gradients(const Tiling& t, const Real* dy, int channels, int first, int count, Real* out,
                         std::size_t plane);
/// y of `count` tiles from planes; bias (channels) may be null.
void transform_outputs(const Tiling& t, const Real* in, std::size_t plane, const Real* bias, int channels,
                       int first, int count, Real* y);
/// Planes of row `i` of weights (3, 3, in, out); `flipped`: of the kernel turned by half a turn.
void transform_weights(const Real* w, int in, int out, int i, bool flipped, Real* planes_out,
                       std::size_t plane);
/// Row `i` of dw (3, 3, in, out) from the sum of `shards` arrays of planes, `shard` elements apart; assigned
/// or added.
void weight_gradients(const Real* in, std::size_t plane, int shards, std::size_t shard, int ins, int outs,
                      int i, bool add, Real* dw);

}  // namespace bpnet::math::winograd
