#include <cmath>

#include "augmentations/warp.hpp"
#include "spec/table.hpp"

namespace bpnet::augmentation_entries {

namespace {

/// Factors are even on a logarithmic scale: twice as large is as likely as half as large.
struct Scale final : Geometric {
  double range = 0.1, aspect = 0;

  void visit(Visitor& v) override {
    v("range", range, between(0, 10), "a picture becomes larger by this share at most, or smaller as much");
    v("aspect", aspect, between(0, 10),
      "its width grows by this share at most against its height, or shrinks");
  }
  Affine map(const PictureView&, const Chance& chance) const override {
    const double size = static_cast<double>(chance.either_side(0)) * std::log1p(range);
    const double wider = static_cast<double>(chance.either_side(1)) * std::log1p(aspect) / 2;
    return Affine::stretched(std::exp(size + wider), std::exp(size - wider));
  }
};

}  // namespace

extern const Entry scale = {"scale",
                            "a picture is seen larger or smaller, or out of proportion",
                            "zoom RandomZoom zoom_range RandomResizedCrop stretch",
                            "scale: {range: 0.2, aspect: 0.1}",
                            "5x7x3",
                            make<Scale>};

}  // namespace bpnet::augmentation_entries
