#pragma once
// Kernels of pictures: bytes, channels last, into numbers.

#include <cstddef>
#include <cstdint>

#include "core/shape.hpp"

namespace bpnet::math {

/// Channels of a picture at most.
inline constexpr int most_channels = 4;

/// x * factor + shift, for each channel.
struct ChannelScale {
  float factor[most_channels] = {1, 1, 1, 1};
  float shift[most_channels] = {};
};

/// Scales for elements in a row, of which a vector register takes many at a time.
class ChannelPattern {
 public:
  static constexpr std::size_t length = 48;  // holds whole pixels of 1, 2, 3 or 4 channels
  ChannelPattern() = default;
  ChannelPattern(const ChannelScale& scale, int channels);
  float factors[length] = {}, shifts[length] = {};
};

/// out (elements) = pixels * factor + shift.
void convert_pixels(const std::uint8_t* pixels, std::size_t elements, const ChannelPattern& pattern,
                    Real* out);
/// The same, as floats.
void pixels_to_unit(const std::uint8_t* pixels, std::size_t elements, const ChannelPattern& pattern,
                    float* out);
/// The same of floats.
void convert_pixels(const float* pixels, std::size_t elements, const ChannelPattern& pattern, Real* out);

/// Sums of a picture's pixels and of their squares, by channel, are added to.
void sum_pixels(const std::uint8_t* pixels, std::size_t elements, int channels, std::uint64_t* sums,
                std::uint64_t* squares);

/// Sizes of a picture.
struct PictureSize {
  int height = 0, width = 0, channels = 0;
};
/// A part of a picture, in pixels.
struct PictureRegion {
  double top = 0, left = 0, height = 0, width = 0;
};
/// What a pixel of the result is made of: those it covers, or those up to one of its own sizes away, the near
/// ones more (and at least its neighbours, where the picture grows).
enum class ResizeFilter : std::uint8_t { box, triangle };

/// out (height, width, channels) = the region of `in`, made larger or smaller. As Pillow's resize with BOX or
/// BILINEAR, but for rounding.
void resize_pixels(const std::uint8_t* in, PictureSize size, PictureRegion region, ResizeFilter filter,
                   int height, int width, std::uint8_t* out);

}  // namespace bpnet::math
