#pragma once
// The transforms of Winograd's F(4x4, 3x3) (Lavin and Gray 2016): each 4x4 tile of outputs becomes 36
// independent products. What is transformed is `planes` of (tiles, channels), `plane` elements apart, plane
// 6 * row + column of the transform's 6x6.

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

}  // namespace bpnet::math::winograd
