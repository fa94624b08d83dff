#include "augmentations/warp.hpp"
#include "spec/table.hpp"

namespace bpnet::augmentation_entries {

namespace {

struct Crop final : Geometric {
  std::int64_t padding = 4;

  Crop() { border = Border::reflect; }
  void visit(Visitor& v) override {
    v("padding", padding, between(0, 10000), "pixels added on every side before the old size is cut out");
  }
  std::string objection(const Shape& shape) const override {
    const int least = std::min(shape[0], shape[1]);
    return padding < least
               ? ""
               : "the padding is not smaller than the picture: take less than " + std::to_string(least);
  }
  Affine map(const PictureView&, const Chance& chance) const override {
    const int most = static_cast<int>(padding);
    return Affine::moved(chance.whole(0, -most, most), chance.whole(1, -most, most));
  }
};

}  // namespace

extern const Entry crop = {"crop",
                           "a picture gets a border and is cut back to its size at a random place",
                           "RandomCrop random_crop pad_and_crop",
                           "crop: {padding: 2, border: reflect}",
                           "5x7x3",
                           make<Crop>};

}  // namespace bpnet::augmentation_entries
