#include <cmath>

#include "augmentations/colours.hpp"
#include "augmentations/warp.hpp"
#include "spec/table.hpp"

namespace bpnet::augmentation_entries {

namespace {

constexpr double strongest = 30;
constexpr int levels = 256;

/// One operation at work: `strength` from 0 to 1, `side` -1 or 1.
struct Operand {
  const PictureView& picture;
  double strength, side;
  Border border;
  float* scratch;
  void warp_by(const Affine& map) const { warp(picture, map, border, scratch); }
  float factor() const { return static_cast<float>(1 + side * strength * 0.9); }
};

int level(float value) { return static_cast<int>(std::lround(value * (levels - 1))); }

template <class F>  // of a value
void each_value(const PictureView& picture, F f) {
  for (std::size_t i = 0; i < picture.elements(); ++i) picture.data[i] = f(picture.data[i]);
}

template <class F>  // of a channel's first value and its number
void each_channel(const PictureView& picture, F f) {
  for (int k = 0; k < picture.channels; ++k) f(picture.data + k);
}

void auto_contrast(const Operand& on) {
  const PictureView& p = on.picture;
  const auto step = static_cast<std::size_t>(p.channels);
  each_channel(p, [&](float* first) {
    const std::size_t n = p.elements();
    float low = *first, high = *first;
    for (std::size_t i = 0; i < n; i += step) {
      low = std::min(low, first[i]);
      high = std::max(high, first[i]);
    }
    if (low == high) return;
    for (std::size_t i = 0; i < n; i += step) first[i] = (first[i] - low) / (high - low);
  });
}

// Every level becomes as frequent as another, as Pillow's ImageOps.equalize does it.
void equalize(const Operand& on) {
  const PictureView& p = on.picture;
  const auto step = static_cast<std::size_t>(p.channels);
  each_channel(p, [&](float* first) {
    const std::size_t n = p.elements();
    std::array<int, levels> count{};
    for (std::size_t i = 0; i < n; i += step) ++count[static_cast<std::size_t>(level(first[i]))];
    int last = levels - 1;
    while (last > 0 && count[static_cast<std::size_t>(last)] == 0) --last;
    const int each = (p.height * p.width - count[static_cast<std::size_t>(last)]) / (levels - 1);
    if (each == 0) return;
    std::array<float, levels> becomes;
    int below = each / 2;
    for (std::size_t l = 0; l < levels; ++l) {
      becomes[l] = static_cast<float>(std::min(below / each, levels - 1)) / (levels - 1);
      below += count[l];
    }
    for (std::size_t i = 0; i < n; i += step) first[i] = becomes[static_cast<std::size_t>(level(first[i]))];
  });
}

void posterize(const Operand& on) {
  const int dropped = static_cast<int>(std::lround(on.strength * 4));
  each_value(on.picture, [&](float value) {
    return static_cast<float>(level(value) >> dropped << dropped) / (levels - 1);
  });
}

void solarize(const Operand& on) {
  const auto threshold = static_cast<float>(1 - on.strength);
  each_value(on.picture, [&](float value) { return value >= threshold ? 1 - value : value; });
}

// Away from a smoothed picture or towards it; pixels of the edge stay.
void sharpness(const Operand& on) {
  const PictureView& p = on.picture;
  std::copy_n(p.data, p.elements(), on.scratch);
  const PictureView before{on.scratch, p.height, p.width, p.channels};
  for (int y = 1; y + 1 < p.height; ++y)
    for (int x = 1; x + 1 < p.width; ++x)
      for (int k = 0; k < p.channels; ++k) {
        float sum = 4 * before.pixel(y, x)[k];
        for (int j = -1; j <= 1; ++j)
          for (int i = -1; i <= 1; ++i) sum += before.pixel(y + j, x + i)[k];
        const float smooth = sum / 13;
        float& value = p.pixel(y, x)[k];
        value = std::clamp(smooth + on.factor() * (value - smooth), 0.0f, 1.0f);
      }
}

double sheared(const Operand& on) { return on.side * on.strength * 0.3; }
double moved(const Operand& on, int side) { return std::round(on.side * on.strength * side * 150 / 331); }

/// The fourteen of the paper.
constexpr void (*operations[])(const Operand&) = {
    [](const Operand&) {},
    auto_contrast,
    equalize,
    posterize,
    solarize,
    sharpness,
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
