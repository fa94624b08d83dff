#include "augmentations/colours.hpp"
#include "spec/table.hpp"

namespace bpnet {

void change_saturation(const PictureView& picture, float factor) {
  lead_away(picture, factor, [&](const float* pixel) { return grey(pixel, picture.channels); });
}

namespace augmentation_entries {

namespace {
struct Saturation final : ColourChange<change_saturation> {
  std::string objection(const Shape& shape) const override {
    return shape[2] == 3 ? "" : "grey pictures have no colours";
  }
};
}  // namespace

extern const Entry saturation = {"saturation",
                                 "a picture's colours go away from their greys, or towards them",
                                 "RandomSaturation color colour",
                                 "saturation: 0.5",
                                 "5x7x3",
                                 make<Saturation>};

}  // namespace augmentation_entries

}  // namespace bpnet
