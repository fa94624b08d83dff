#include "augmentations/warp.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

namespace bpnet {

namespace {

constexpr int outside = -1;

/// Where a pixel at `i` of an axis of n pixels is taken from, or `outside`.
int taken_from(int i, int n, Border border) {
  if (i >= 0 && i < n) return i;
  switch (border) {
    case Border::edge:
      return std::clamp(i, 0, n - 1);
    case Border::reflect: {
      if (n == 1) return 0;
      const int period = 2 * (n - 1);
      const int at = ((i % period) + period) % period;
      return at < n ? at : period - at;
    }
    case Border::mean:
      break;
  }
  return outside;
}

class Source {
 public:
  Source(const PictureView& picture, Border border) : picture_(picture), border_(border) {
    if (border == Border::mean) mean_ = mean_colour(picture);
  }
  const float* pixel(int y, int x) const {
    const int from_y = taken_from(y, picture_.height, border_);
    const int from_x = taken_from(x, picture_.width, border_);
    return from_y == outside || from_x == outside ? mean_.data() : picture_.pixel(from_y, from_x);
  }
  /// A pixel, the one on its right, and the two below.
  std::array<const float*, 4> square(int y, int x) const {
    if (y >= 0 && x >= 0 && y + 1 < picture_.height && x + 1 < picture_.width) {
      const float* const upper = picture_.pixel(y, x);
      const float* const lower = picture_.pixel(y + 1, x);
      return {upper, upper + picture_.channels, lower, lower + picture_.channels};
    }
    return {pixel(y, x), pixel(y, x + 1), pixel(y + 1, x), pixel(y + 1, x + 1)};
  }

 private:
  PictureView picture_;
  Border border_;
  std::array<float, math::most_channels> mean_{};
};

int floor_of(double x) {
  const int towards_zero = static_cast<int>(x);
  return towards_zero - (x < towards_zero);
}

bool whole(double x) { return x == std::floor(x); }

void move(const PictureView& to, const Source& from, int right, int down) {
  // Columns that do not come from beyond an edge, side by side in both pictures.
  const int begin = std::clamp(-right, 0, to.width), end = std::clamp(to.width - right, begin, to.width);
  for (int y = 0; y < to.height; ++y) {
    const auto one_by_one = [&](int first, int last) {
      for (int x = first; x < last; ++x)
        std::copy_n(from.pixel(y + down, x + right), to.channels, to.pixel(y, x));
    };
    if (y + down < 0 || y + down >= to.height || begin == end) {
      one_by_one(0, to.width);
      continue;
    }
    one_by_one(0, begin);
    std::copy_n(from.pixel(y + down, begin + right), (end - begin) * to.channels, to.pixel(y, begin));
    one_by_one(end, to.width);
  }
}

void blend(const Source& from, double y, double x, int channels, float* out) {
  const int top = floor_of(y), left = floor_of(x);
  const auto fy = static_cast<float>(y - top), fx = static_cast<float>(x - left);
  const auto [a, b, c, d] = from.square(top, left);
  const float wa = (1 - fy) * (1 - fx), wb = (1 - fy) * fx, wc = fy * (1 - fx), wd = fy * fx;
  for (int k = 0; k < channels; ++k) out[k] = wa * a[k] + wb * b[k] + wc * c[k] + wd * d[k];
}

}  // namespace

Affine Affine::turned(double degrees) {
  const double angle = std::remainder(degrees, 360.0) * std::numbers::pi / 180;
  const double c = std::cos(angle), s = std::sin(angle);
  return {c, -s, s, c, 0, 0};  // rows count downwards
}

Affine Affine::then(const Affine& next) const {
  return {xx * next.xx + xy * next.yx, xx * next.xy + xy * next.yy,   yx * next.xx + yy * next.yx,
          yx * next.xy + yy * next.yy, xx * next.x + xy * next.y + x, yx * next.x + yy * next.y + y};
}

std::array<float, math::most_channels> mean_colour(const PictureView& picture) {
  assert(picture.channels <= math::most_channels);
  std::array<double, math::most_channels> sums{};
  const auto channels = static_cast<std::size_t>(picture.channels);
  for (std::size_t at = 0; at < picture.elements(); at += channels)
    for (std::size_t k = 0; k < channels; ++k) sums[k] += static_cast<double>(picture.data[at + k]);
  std::array<float, math::most_channels> mean{};
  const double pixels = static_cast<double>(picture.height) * picture.width;
  for (std::size_t k = 0; k < channels; ++k) mean[k] = static_cast<float>(sums[k] / pixels);
  return mean;
}

void mirror(const PictureView& picture, bool vertical) {
  const int rows = vertical ? picture.height / 2 : picture.height;
  const int columns = vertical ? picture.width : picture.width / 2;
  for (int y = 0; y < rows; ++y)
    for (int x = 0; x < columns; ++x) {
      float* const here = picture.pixel(y, x);
      std::swap_ranges(
          here, here + picture.channels,
          vertical ? picture.pixel(picture.height - 1 - y, x) : picture.pixel(y, picture.width - 1 - x));
    }
}

void warp(const PictureView& picture, const Affine& map, Border border, float* scratch) {
  if (map == Affine{}) return;
  std::copy_n(picture.data, picture.elements(), scratch);
  const Source from({scratch, picture.height, picture.width, picture.channels}, border);
  if (map.xx == 1 && map.xy == 0 && map.yx == 0 && map.yy == 1 && whole(map.x) && whole(map.y))
    return move(picture, from, static_cast<int>(map.x), static_cast<int>(map.y));
  const double centre_x = (picture.width - 1) / 2.0, centre_y = (picture.height - 1) / 2.0;
  for (int y = 0; y < picture.height; ++y)
    for (int x = 0; x < picture.width; ++x) {
      const double tx = x - centre_x, ty = y - centre_y;
      blend(from, map.yx * tx + map.yy * ty + map.y + centre_y, map.xx * tx + map.xy * ty + map.x + centre_x,
            picture.channels, picture.pixel(y, x));
    }
}

}  // namespace bpnet
