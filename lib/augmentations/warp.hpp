#pragma once
// Pictures moved, turned and stretched: one affine map from the pixels of the new picture to the old one.

#include "augmentations/augmentation.hpp"
#include "math/pixels.hpp"

namespace bpnet {

/// What is seen beyond the edge of a picture.
enum class Border : std::uint8_t { edge, reflect, mean };
inline constexpr const char* border_words[] = {"edge", "reflect", "mean"};
inline constexpr const char* border_help =
    "what comes in from beyond: the edge goes on, is a mirror, or the picture's mean colour";

/// source = matrix * target + offset, in pixels from the picture's centre.
struct Affine {
  double xx = 1, xy = 0, yx = 0, yy = 1;
  double x = 0, y = 0;
  static Affine moved(double right, double down) { return {1, 0, 0, 1, -right, -down}; }
  static Affine turned(double degrees);  // counter-clockwise as seen
  static Affine stretched(double width, double height) { return {1 / width, 0, 0, 1 / height, 0, 0}; }
  /// This map, then the other one on what it made.
  Affine then(const Affine& next) const;
  bool operator==(const Affine&) const = default;
};

/// Bilinear; exact where whole pixels are moved. `scratch` holds as many numbers as the picture.
void warp(const PictureView& picture, const Affine& map, Border border, float* scratch);

/// Left and right change places, or top and bottom.
void mirror(const PictureView& picture, bool vertical);

/// Mean of each channel.
std::array<float, math::most_channels> mean_colour(const PictureView& picture);

/// Augmentations that are affine maps: those that follow each other with the same border are done as one.
struct Geometric : PictureAugmentation {
  Border border = Border::edge;
  void visit_common(Visitor& v) override { v("border", border, border_words, border_help); }
  virtual Affine map(const PictureView&, const Chance&) const = 0;
  void apply(const PictureView& picture, const Chance& chance, float* scratch) const override {
    warp(picture, map(picture, chance), border, scratch);
  }
};

}  // namespace bpnet
