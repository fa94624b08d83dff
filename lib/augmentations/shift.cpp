#include <cmath>

#include "augmentations/warp.hpp"
#include "spec/table.hpp"

namespace bpnet::augmentation_entries {

namespace {

struct Shift final : Geometric {
  double share = 0.1;

  void visit(Visitor& v) override {
    v("share", share, between(0, 1), "of width and height that a picture moves at most, by whole pixels");
  }
  Affine map(const PictureView& picture, const Chance& chance) const override {
    const auto most = [&](int side) { return static_cast<int>(std::lround(share * side)); };
    const int right = most(picture.width), down = most(picture.height);
    return Affine::moved(chance.whole(0, -right, right), chance.whole(1, -down, down));
  }
};

}  // namespace

extern const Entry shift = {"shift",
                            "a picture moves to any side",
                            "translate RandomTranslation width_shift_range height_shift_range RandomAffine",
                            "shift: 0.3",
                            "5x7x3",
                            make<Shift>};

}  // namespace bpnet::augmentation_entries
