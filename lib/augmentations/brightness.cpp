#include "augmentations/colours.hpp"
#include "spec/table.hpp"

namespace bpnet {

void change_brightness(const PictureView& picture, float factor) {
  lead_away(picture, factor, [](const float*) { return 0.0f; });
}

namespace augmentation_entries {
extern const Entry brightness = {"brightness",
                                 "a picture becomes lighter or darker: its values times a factor",
                                 "ColorJitter RandomBrightness brightness_range jitter",
                                 "brightness: 0.3",
                                 "5x7x3",
                                 make<ColourChange<change_brightness>>};
}

}  // namespace bpnet
