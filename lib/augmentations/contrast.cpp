#include "augmentations/colours.hpp"
#include "spec/table.hpp"

namespace bpnet {

void change_contrast(const PictureView& picture, float factor) {
  double sum = 0;
  for (int y = 0; y < picture.height; ++y)
    for (int x = 0; x < picture.width; ++x)
      sum += static_cast<double>(grey(picture.pixel(y, x), picture.channels));
  const auto mean = static_cast<float>(sum / (static_cast<double>(picture.height) * picture.width));
  lead_away(picture, factor, [mean](const float*) { return mean; });
}

namespace augmentation_entries {
extern const Entry contrast = {"contrast",
                               "a picture's values go away from its mean grey, or towards it",
                               "RandomContrast contrast_range",
                               "contrast: 0.3",
                               "5x7x3",
                               make<ColourChange<change_contrast>>};
}

}  // namespace bpnet
