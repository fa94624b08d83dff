#pragma once
// Changes of a picture's values that random_augment draws from, as Pillow's ImageOps and ImageEnhance do
// them. Where they count values, there are 256 levels of them.

#include "augmentations/augmentation.hpp"

namespace bpnet {

/// Each channel is stretched from 0 to 1.
void auto_contrast(const PictureView& picture);
/// Each level of a channel becomes as frequent as another.
void equalize(const PictureView& picture);
/// The lowest bits of the eight of a level become 0.
void posterize(const PictureView& picture, int bits_dropped);
/// Values from the threshold on are turned upside down.
void solarize(const PictureView& picture, float threshold);
/// Away from a smoothed picture or towards it; pixels of the edge stay. `scratch` holds a picture.
void change_sharpness(const PictureView& picture, float factor, float* scratch);

}  // namespace bpnet
