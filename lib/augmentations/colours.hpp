#pragma once
// What changes of colours share: a picture is led away from another one, or towards it.

#include <algorithm>

#include "augmentations/augmentation.hpp"

namespace bpnet {

/// Luminance of a colour (ITU-R BT.601); the value itself of one channel, the mean of other numbers of them.
inline float grey(const float* pixel, int channels) {
  if (channels == 3) return 0.299f * pixel[0] + 0.587f * pixel[1] + 0.114f * pixel[2];
  float sum = 0;
  for (int k = 0; k < channels; ++k) sum += pixel[k];
  return sum / static_cast<float>(channels);
}

/// Each value becomes from + factor * (value - from), kept within 0 and 1; `from` is of a pixel and channel.
template <class From>
void lead_away(const PictureView& picture, float factor, From from) {
  if (factor == 1) return;
  for (int y = 0; y < picture.height; ++y)
    for (int x = 0; x < picture.width; ++x) {
      float* const pixel = picture.pixel(y, x);
      const float base = from(pixel);
      for (int k = 0; k < picture.channels; ++k)
        pixel[k] = std::clamp(base + factor * (pixel[k] - base), 0.0f, 1.0f);
    }
}

void change_brightness(const PictureView& picture, float factor);
void change_contrast(const PictureView& picture, float factor);
void change_saturation(const PictureView& picture, float factor);

/// Changes by a factor near 1, of `amount` to either side.
template <void (*change)(const PictureView&, float)>
struct ColourChange : PictureAugmentation {
  double amount = 0.2;

  void visit(Visitor& v) override {
    v("amount", amount, between(0, 1), "the factor is drawn from 1 - amount to 1 + amount");
  }
  void apply(const PictureView& picture, const Chance& chance, float*) const override {
    change(picture, 1 + static_cast<float>(amount) * chance.either_side(0));
  }
};

}  // namespace bpnet
