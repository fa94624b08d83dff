#include <cmath>

#include "augmentations/colours.hpp"
#include "augmentations/tones.hpp"
#include "augmentations/warp.hpp"
#include "spec/table.hpp"

namespace bpnet::augmentation_entries {

namespace {

constexpr double strongest = 30;

/// One operation at work: `strength` from 0 to 1, `side` -1 or 1.
struct Operand {
  const PictureView& picture;
  double strength, side;
  Border border;
  float* scratch;
  void warp_by(const Affine& map) const { warp(picture, map, border, scratch); }
  float factor() const { return static_cast<float>(1 + side * strength * 0.9); }
};

double sheared(const Operand& on) { return on.side * on.strength * 0.3; }
double moved(const Operand& on, int side) { return std::round(on.side * on.strength * side * 150 / 331); }

/// The fourteen of the paper.
constexpr void (*operations[])(const Operand&) = {
    [](const Operand&) {},
    [](const Operand& on) { auto_contrast(on.picture); },
    [](const Operand& on) { equalize(on.picture); },
    [](const Operand& on) { posterize(on.picture, static_cast<int>(std::lround(on.strength * 4))); },
    [](const Operand& on) { solarize(on.picture, static_cast<float>(1 - on.strength)); },
    [](const Operand& on) { change_sharpness(on.picture, on.factor(), on.scratch); },
    [](const Operand& on) { change_brightness(on.picture, on.factor()); },
    [](const Operand& on) { change_contrast(on.picture, on.factor()); },
    [](const Operand& on) { change_saturation(on.picture, on.factor()); },
    [](const Operand& on) { on.warp_by(Affine::turned(on.side * on.strength * 30)); },
    [](const Operand& on) { on.warp_by({.xy = sheared(on)}); },
    [](const Operand& on) { on.warp_by({.yx = sheared(on)}); },
    [](const Operand& on) { on.warp_by(Affine::moved(moved(on, on.picture.width), 0)); },
    [](const Operand& on) { on.warp_by(Affine::moved(0, moved(on, on.picture.height))); },
};

/// Cubuk, Zoph, Shlens, Le 2020, with the ranges of its authors' strength 30.
struct RandomAugment final : PictureAugmentation {
  double strength = 9;
  std::int64_t operations_done = 2;
  Border border = Border::edge;

  void visit(Visitor& v) override {
    v("strength", strength, between(0, strongest), "how far each operation goes");
    v("operations", operations_done, between(1, 14),
      "how many of the fourteen are done, drawn anew for each picture");
    v("border", border, border_words, border_help);
  }
  void apply(const PictureView& picture, const Chance& chance, float* scratch) const override {
    constexpr int most = static_cast<int>(std::size(operations)) - 1;
    for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(operations_done); ++i) {
      const double side = chance.uniform(8 * i + 4) < 0.5f ? -1 : 1;
      operations[chance.whole(2 * i, 0, most)]({picture, strength / strongest, side, border, scratch});
    }
  }
};

}  // namespace

extern const Entry random_augment = {
    "random_augment",
    "a few operations of fourteen, drawn for each picture, with one knob for how strong they are",
    "RandAugment rand_augment TrivialAugment AutoAugment autoaugment trivial_augment_wide",
    "random_augment: {strength: 12, operations: 3}",
    "5x7x3",
    make<RandomAugment>};

}  // namespace bpnet::augmentation_entries
