#include "augmentations/warp.hpp"
#include "spec/table.hpp"

namespace bpnet::augmentation_entries {

namespace {

constexpr double even = 0.5;

/// Alternating: Jordan 2024, "94% on CIFAR-10 in 3.29 seconds on a single GPU".
struct Flip final : PictureAugmentation {
  double probability = even;
  bool vertical = false, alternating = false;

  void visit(Visitor& v) override {
    v("probability", probability, between(0, 1), "share of the pictures that are mirrored");
    v("vertical", vertical, "top and bottom change places, instead of left and right");
    v("alternating", alternating,
      "every picture is mirrored in each second epoch, which half of them first being left to chance");
  }
  std::string fault() const override {
    return alternating && probability != even ? "alternating mirrors every second time: leave probability out"
                                              : "";
  }
  void apply(const PictureView& picture, const Chance& chance, float*) const override {
    if (mirrors(chance)) mirror(picture, vertical);
  }

 private:
  bool mirrors(const Chance& chance) const {
    if (!alternating) return static_cast<double>(chance.uniform(0)) < probability;
    return ((mix(chance.row, stream_of("flip")) ^ chance.epoch) & 1) != 0;
  }
};

}  // namespace

extern const Entry flip = {
    "flip",
    "left and right of a picture change places, or top and bottom",
    "RandomHorizontalFlip RandomVerticalFlip horizontal_flip vertical_flip fliplr mirror",
    "flip: {alternating: true}",
    "5x7x3",
    make<Flip>};

}  // namespace bpnet::augmentation_entries
