#include "augmentations/tones.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace bpnet {

namespace {

constexpr int levels = 256;

int level(float value) { return static_cast<int>(std::lround(value * (levels - 1))); }
float value_of(int level) { return static_cast<float>(level) / (levels - 1); }

}  // namespace

void auto_contrast(const PictureView& picture) {
  const auto step = static_cast<std::size_t>(picture.channels);
  const std::size_t n = picture.elements();
  for (float* first = picture.data; first < picture.data + step; ++first) {
    float low = *first, high = *first;
    for (std::size_t i = 0; i < n; i += step) {
      low = std::min(low, first[i]);
      high = std::max(high, first[i]);
    }
    if (low == high) continue;
    for (std::size_t i = 0; i < n; i += step) first[i] = (first[i] - low) / (high - low);
  }
}

void equalize(const PictureView& picture) {
  const auto step = static_cast<std::size_t>(picture.channels);
  const std::size_t n = picture.elements();
  for (float* first = picture.data; first < picture.data + step; ++first) {
    std::array<int, levels> count{};
    for (std::size_t i = 0; i < n; i += step) ++count[static_cast<std::size_t>(level(first[i]))];
    int last = levels - 1;
    while (last > 0 && count[static_cast<std::size_t>(last)] == 0) --last;
    const int each = (picture.height * picture.width - count[static_cast<std::size_t>(last)]) / (levels - 1);
    if (each == 0) continue;
    std::array<float, levels> becomes{};
    int below = each / 2;
    for (std::size_t l = 0; l < levels; ++l) {
      becomes[l] = value_of(std::min(below / each, levels - 1));
      below += count[l];
    }
    for (std::size_t i = 0; i < n; i += step) first[i] = becomes[static_cast<std::size_t>(level(first[i]))];
  }
}

void posterize(const PictureView& picture, int bits_dropped) {
  for (std::size_t i = 0; i < picture.elements(); ++i)
    picture.data[i] = value_of(level(picture.data[i]) >> bits_dropped << bits_dropped);
}

void solarize(const PictureView& picture, float threshold) {
  for (std::size_t i = 0; i < picture.elements(); ++i)
    if (picture.data[i] >= threshold) picture.data[i] = 1 - picture.data[i];
}

void change_sharpness(const PictureView& picture, float factor, float* scratch) {
  std::copy_n(picture.data, picture.elements(), scratch);
  const PictureView before{scratch, picture.height, picture.width, picture.channels};
  for (int y = 1; y + 1 < picture.height; ++y)
    for (int x = 1; x + 1 < picture.width; ++x)
      for (int k = 0; k < picture.channels; ++k) {
        float sum = 4 * before.pixel(y, x)[k];
        for (int j = -1; j <= 1; ++j)
          for (int i = -1; i <= 1; ++i) sum += before.pixel(y + j, x + i)[k];
        const float smooth = sum / 13;
        float& value = picture.pixel(y, x)[k];
        value = std::clamp(smooth + factor * (value - smooth), 0.0f, 1.0f);
      }
}

}  // namespace bpnet
