#include "augmentations/warp.hpp"
#include "spec/table.hpp"

namespace bpnet::augmentation_entries {

namespace {

struct Rotate final : Geometric {
  double degrees = 15;

  void visit(Visitor& v) override {
    v("degrees", degrees, between(0, 180), "a picture turns at most, to either side");
  }
  Affine map(const PictureView&, const Chance& chance) const override {
    return Affine::turned(degrees * static_cast<double>(chance.either_side(0)));
  }
};

}  // namespace

extern const Entry rotate = {"rotate",
                             "a picture turns about its centre",
                             "RandomRotation rotation_range rotation",
                             "rotate: 20",
                             "5x7x3",
                             make<Rotate>};

}  // namespace bpnet::augmentation_entries
