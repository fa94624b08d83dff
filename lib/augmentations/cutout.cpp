#include <algorithm>

#include "augmentations/warp.hpp"
#include "spec/table.hpp"

namespace bpnet::augmentation_entries {

namespace {

/// DeVries and Taylor 2017; here the square lies inside of the picture.
struct Cutout final : PictureAugmentation {
  std::int64_t size = 8;

  void visit(Visitor& v) override {
    v("size", size, between(1, 10000), "pixels of a side of the square that is painted over");
  }
  std::string objection(const Shape& shape) const override {
    const int most = std::min(shape[0], shape[1]);
    return size <= most ? ""
                        : "the square is larger than the picture: take " + std::to_string(most) + " or less";
  }
  void apply(const PictureView& picture, const Chance& chance, float*) const override {
    const auto mean = mean_colour(picture);
    const int side = static_cast<int>(size);
    const int top = chance.whole(0, 0, picture.height - side),
              left = chance.whole(1, 0, picture.width - side);
    for (int y = top; y < top + side; ++y)
      for (int x = left; x < left + side; ++x)
        std::copy_n(mean.data(), picture.channels, picture.pixel(y, x));
  }
};

}  // namespace

extern const Entry cutout = {"cutout",
                             "a square at a random place gets the picture's mean colour",
                             "RandomErasing random_erasing erase CoarseDropout",
                             "cutout: 3",
                             "5x7x3",
                             make<Cutout>};

}  // namespace bpnet::augmentation_entries
