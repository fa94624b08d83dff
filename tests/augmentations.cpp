// What every augmentation keeps to: nothing at strength 0, the same at the same place, and what it is for.

#include "augmentations/augmentation.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "augmentations/share.hpp"
#include "augmentations/warp.hpp"
#include "spec/spec.hpp"

using namespace bpnet;

namespace {

/// A picture with memory, every value another one.
struct Owned {
  std::vector<float> values, scratch;
  PictureView picture;
  Owned(int height, int width, int channels) {
    picture = {nullptr, height, width, channels};
    values.resize(picture.elements());
    scratch.resize(values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = 0.1f + 0.8f * static_cast<float>(i) / static_cast<float>(values.size());
    picture.data = values.data();
  }
};

Chance chance_of(std::uint64_t sample, std::uint64_t epoch = 0, std::uint64_t row = 0) {
  return {Draw::of(1, stream_of("a test")), sample, row, epoch};
}

std::vector<float> changed(const std::string& yaml, const Chance& chance, int height = 6, int width = 7,
                           int channels = 3) {
  const Choice choice = parse_choice(augmentations, yaml);
  Owned of(height, width, channels);
  choice.as<PictureAugmentation>()->apply(of.picture, chance, of.scratch.data());
  return of.values;
}

/// How many different pictures chance makes.
std::size_t variety(const std::string& yaml) {
  std::set<std::vector<float>> seen;
  for (std::uint64_t s = 0; s < 200; ++s) seen.insert(changed(yaml, chance_of(s)));
  return seen.size();
}

const std::vector<float> whole = Owned(6, 7, 3).values;

}  // namespace

TEST_CASE("the examples of the table change pictures, alike at the same place and otherwise at another") {
  for (const Entry* entry : augmentations.entries) {
    CAPTURE(entry->name);
    const Choice choice = parse_choice(augmentations, entry->example);
    const auto single = choice.as<PictureAugmentation>();
    const auto mixing = choice.as<Mixing>();
    REQUIRE((single != nullptr) != (mixing != nullptr));
    CHECK(choice.as<Augmentation>()->objection({5, 7, 3}).empty());
    std::set<std::vector<float>> seen;
    for (std::uint64_t s = 0; s < 40; ++s) {
      Owned a(5, 7, 3), b(5, 7, 3);
      const Chance chance = chance_of(s, 0, s);
      const auto apply = [&](Owned& to) {
        if (single) return single->apply(to.picture, chance, to.scratch.data());
        Owned other(5, 7, 3);
        std::reverse(other.values.begin(), other.values.end());
        std::vector<Real> x(to.values.begin(), to.values.end()), y(other.values.begin(), other.values.end());
        mixing->mix(x.data(), y.data(), {5, 7, 3}, chance);
        std::copy(x.begin(), x.end(), to.values.begin());
      };
      apply(a);
      apply(b);
      CHECK(a.values == b.values);
      for (const float v : a.values) CHECK((v >= 0 && v <= 1));
      seen.insert(a.values);
    }
    CHECK(seen.size() > 1);
  }
}

TEST_CASE("strength 0 is the identity, bit for bit") {
  for (const char* yaml : {"flip: 0", "crop: 0", "shift: 0", "rotate: 0", "scale: 0", "brightness: 0",
                           "contrast: 0", "saturation: 0", "crop: {padding: 0, border: mean}"})
    for (std::uint64_t s = 0; s < 10; ++s) {
      CAPTURE(yaml);
      CHECK(changed(yaml, chance_of(s)) == whole);
    }
}

TEST_CASE("a flip mirrors, twice is the identity, and chance decides on half of the pictures") {
  for (const char* yaml : {"flip: 1", "flip: {probability: 1, vertical: true}"}) {
    CAPTURE(yaml);
    const Choice choice = parse_choice(augmentations, yaml);
    for (const auto& [height, width] : {std::pair{6, 7}, std::pair{7, 6}, std::pair{1, 1}}) {
      Owned of(height, width, 3), before(height, width, 3);
      choice.as<PictureAugmentation>()->apply(of.picture, chance_of(0), nullptr);
      const bool down = std::string(yaml).find("vertical") != std::string::npos;
      for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
          CHECK(of.picture.pixel(y, x)[1] ==
                before.picture.pixel(down ? height - 1 - y : y, down ? x : width - 1 - x)[1]);
      choice.as<PictureAugmentation>()->apply(of.picture, chance_of(1), nullptr);
      CHECK(of.values == before.values);
    }
  }
  int mirrored = 0;
  for (std::uint64_t s = 0; s < 1000; ++s) mirrored += changed("flip", chance_of(s)) != whole;
  CHECK(mirrored > 440);
  CHECK(mirrored < 560);
}

TEST_CASE("an alternating flip shows every picture both ways in two epochs") {
  int first = 0;
  for (std::uint64_t row = 0; row < 1000; ++row) {
    const auto mirrored = [&](std::uint64_t epoch) {
      return changed("flip: {alternating: true}", chance_of(row * 7 + epoch, epoch, row)) != whole;
    };
    first += mirrored(0);
    CHECK(mirrored(0) != mirrored(1));
    CHECK(mirrored(0) == mirrored(2));
  }
  CHECK(first > 440);
  CHECK(first < 560);
  const Choice both = parse_choice(augmentations, "flip: {alternating: true, probability: 0.3}");
  CHECK(both.as<Augmentation>()->fault() == "alternating mirrors every second time: leave probability out");
}

TEST_CASE("a crop moves by whole pixels up to its padding, and borders are what they say") {
  const Owned before(6, 7, 3);
  for (const char* border : {"edge", "reflect", "mean"}) {
    CAPTURE(border);
    const auto mean = mean_colour(before.picture);
    std::set<std::pair<int, int>> moves;
    for (std::uint64_t s = 0; s < 400; ++s) {
      Owned of(6, 7, 3);
      of.values = changed("crop: {padding: 2, border: " + std::string(border) + "}", chance_of(s));
      of.picture.data = of.values.data();
      int found = 0;
      for (int down = -2; down <= 2; ++down)
        for (int right = -2; right <= 2; ++right) {
          bool same = true;
          for (int y = 0; y < 6; ++y)
            for (int x = 0; x < 7; ++x) {
              int fy = y + down, fx = x + right;
              const bool inside = fy >= 0 && fy < 6 && fx >= 0 && fx < 7;
              if (std::string(border) == "edge") {
                fy = std::clamp(fy, 0, 5);
                fx = std::clamp(fx, 0, 6);
              } else if (std::string(border) == "reflect") {
                fy = fy < 0 ? -fy : fy > 5 ? 10 - fy : fy;
                fx = fx < 0 ? -fx : fx > 6 ? 12 - fx : fx;
              } else if (!inside) {
                same = same && of.picture.pixel(y, x)[2] == mean[2];
                continue;
              }
              same = same && of.picture.pixel(y, x)[2] == before.picture.pixel(fy, fx)[2];
            }
          if (same) {
            ++found;
            moves.insert({down, right});
          }
        }
      CHECK(found == 1);
    }
    CHECK(moves.size() == 25);
  }
}

TEST_CASE("affine maps: turning by 360 degrees is the identity, quarters are exact, and maps are composed") {
  Owned of(6, 6, 2), before(6, 6, 2);
  CHECK(Affine::turned(360) == Affine{});
  CHECK(Affine::turned(720) == Affine{});
  warp(of.picture, Affine::turned(90), Border::edge, of.scratch.data());
  for (int y = 0; y < 6; ++y)
    for (int x = 0; x < 6; ++x)  // counter-clockwise: the right column becomes the top row
      CHECK(of.picture.pixel(y, x)[0] == doctest::Approx(before.picture.pixel(x, 5 - y)[0]).epsilon(1e-5));
  for (int i = 0; i < 3; ++i) warp(of.picture, Affine::turned(90), Border::edge, of.scratch.data());
  for (std::size_t i = 0; i < of.values.size(); ++i)
    CHECK(of.values[i] == doctest::Approx(before.values[i]).epsilon(1e-5));

  const Affine both = Affine::moved(1, 0).then(Affine::turned(90));
  Owned one(6, 6, 2), two(6, 6, 2);
  warp(one.picture, both, Border::mean, one.scratch.data());
  warp(two.picture, Affine::moved(1, 0), Border::mean, two.scratch.data());
  warp(two.picture, Affine::turned(90), Border::mean, two.scratch.data());
  for (int y = 0; y < 5; ++y)  // the bottom row is the border
    for (int x = 0; x < 6; ++x)
      CHECK(one.picture.pixel(y, x)[1] == doctest::Approx(two.picture.pixel(y, x)[1]).epsilon(1e-4));

  Owned large(6, 6, 1);  // twice as large: the middle pixels' gradient is half
  warp(large.picture, Affine::stretched(2, 2), Border::edge, large.scratch.data());
  const Owned small(6, 6, 1);
  CHECK(large.picture.pixel(2, 3)[0] - large.picture.pixel(2, 2)[0] ==
        doctest::Approx((small.picture.pixel(2, 3)[0] - small.picture.pixel(2, 2)[0]) / 2).epsilon(1e-4));
}

TEST_CASE("geometric augmentations draw many different maps") {
  CHECK(variety("shift: 0.3") == 25);  // 2 pixels to each side of 6 and of 7
  CHECK(variety("rotate: 20") > 190);
  CHECK(variety("scale: 0.2") > 190);
  CHECK(variety("scale: {range: 0, aspect: 0.3}") > 190);
}

TEST_CASE("colours: factors of brightness, greys that contrast and saturation keep") {
  for (std::uint64_t s = 0; s < 50; ++s) {
    const auto brighter = changed("brightness: 0.1", chance_of(s));
    const float factor = brighter[5] / whole[5];
    CHECK(factor >= 0.9f);
    CHECK(factor <= 1.1f);
    for (std::size_t i = 0; i < whole.size(); ++i)
      CHECK(brighter[i] == doctest::Approx(factor * whole[i]).epsilon(1e-5));

    const auto grey = [](const std::vector<float>& of, std::size_t at) {
      return 0.299f * of[at] + 0.587f * of[at + 1] + 0.114f * of[at + 2];
    };
    const auto contrasted = changed("contrast: 0.1", chance_of(s)),
               saturated = changed("saturation: 0.1", chance_of(s));
    double before = 0, after = 0;
    for (std::size_t at = 0; at < whole.size(); at += 3) {
      before += static_cast<double>(grey(whole, at));
      after += static_cast<double>(grey(contrasted, at));
      CHECK(grey(saturated, at) == doctest::Approx(grey(whole, at)).epsilon(1e-4));
    }
    CHECK(after == doctest::Approx(before).epsilon(1e-4));
    CHECK(contrasted != whole);
    CHECK(saturated != whole);
  }
  const auto objection = [](const Shape& shape) {
    return parse_choice(augmentations, "saturation").as<Augmentation>()->objection(shape);
  };
  CHECK(objection({6, 7, 1}) == "grey pictures have no colours");
  CHECK(objection({6, 7, 3}).empty());
}

TEST_CASE("cutout paints exactly one square over, anywhere inside") {
  std::set<std::pair<int, int>> places;
  for (std::uint64_t s = 0; s < 400; ++s) {
    const auto cut = changed("cutout: 3", chance_of(s));
    int painted = 0, top = 99, left = 99, bottom = -1, right = -1;
    for (int y = 0; y < 6; ++y)
      for (int x = 0; x < 7; ++x) {
        const auto at = static_cast<std::size_t>((y * 7 + x) * 3);
        if (cut[at] == whole[at] && cut[at + 1] == whole[at + 1] && cut[at + 2] == whole[at + 2]) continue;
        ++painted;
        top = std::min(top, y);
        left = std::min(left, x);
        bottom = std::max(bottom, y);
        right = std::max(right, x);
      }
    CHECK(painted == 9);
    CHECK(bottom - top == 2);
    CHECK(right - left == 2);
    places.insert({top, left});
  }
  CHECK(places.size() == 20);
  const Choice large = parse_choice(augmentations, "cutout: 7");
  CHECK(large.as<Augmentation>()->objection({6, 7, 3}) ==
        "the square is larger than the picture: take 6 or less");
}

TEST_CASE("shares of mixtures follow Beta(alpha, alpha)") {
  for (const double alpha : {0.1, 0.2, 1.0, 3.0}) {
    CAPTURE(alpha);
    constexpr int n = 20000;
    double sum = 0, squares = 0;
    for (std::uint64_t s = 0; s < n; ++s) {
      const double share = mixing_share(alpha, chance_of(s), 0);
      CHECK((share >= 0 && share <= 1));
      sum += share;
      squares += (share - 0.5) * (share - 0.5);
    }
    CHECK(sum / n == doctest::Approx(0.5).epsilon(0.02));
    CHECK(squares / n == doctest::Approx(1 / (4 * (2 * alpha + 1))).epsilon(0.04));
  }
}

TEST_CASE("mixing: shares tell what each keeps, and nothing gets lost") {
  const Shape shape{6, 7, 2};
  const std::size_t n = shape.elements();
  bool saw_less_than_all = false;
  for (std::uint64_t s = 0; s < 300; ++s) {
    std::vector<Real> a(n, 1), b(n, 0);
    const double up =
        parse_choice(augmentations, "mixup: 1").as<Mixing>()->mix(a.data(), b.data(), shape, chance_of(s));
    CHECK(up >= 0.5);
    for (std::size_t i = 0; i < n; ++i) {
      CHECK(a[i] == doctest::Approx(up).epsilon(1e-5));
      CHECK(b[i] == doctest::Approx(1 - up).epsilon(1e-5));
    }
    std::fill(a.begin(), a.end(), Real{1});
    std::fill(b.begin(), b.end(), Real{0});
    const double cut =
        parse_choice(augmentations, "cutmix").as<Mixing>()->mix(a.data(), b.data(), shape, chance_of(s));
    CHECK(cut >= 0.5);
    double kept = 0;
    for (std::size_t i = 0; i < n; ++i) {
      CHECK(a[i] + b[i] == 1);
      kept += static_cast<double>(a[i]);
    }
    CHECK(kept / static_cast<double>(n) == doctest::Approx(cut));
    saw_less_than_all = saw_less_than_all || cut < 0.9;
  }
  CHECK(saw_less_than_all);
  std::vector<Real> a(n, 1), b(n, 0);  // a share of 1
  CHECK(parse_choice(augmentations, "mixup: 0.001")
            .as<Mixing>()
            ->mix(a.data(), b.data(), shape, chance_of(1)) == 1);
  CHECK(a == std::vector<Real>(n, 1));
  CHECK(b == std::vector<Real>(n, 0));
}

TEST_CASE("random_augment: strength 0 leaves most pictures, more changes more, grey ones too") {
  const auto distance = [](double strength, int channels) {
    double sum = 0;
    for (std::uint64_t s = 0; s < 300; ++s) {
      const auto to = changed("random_augment: " + std::to_string(strength), chance_of(s), 8, 8, channels);
      const std::vector<float> from = Owned(8, 8, channels).values;
      for (std::size_t i = 0; i < to.size(); ++i) {
        CHECK((to[i] >= 0 && to[i] <= 1));
        sum += static_cast<double>(std::fabs(to[i] - from[i])) / static_cast<double>(to.size());
      }
    }
    return sum;
  };
  for (const int channels : {1, 3}) {
    CAPTURE(channels);
    CHECK(distance(0, channels) < distance(9, channels));
    CHECK(distance(9, channels) < distance(30, channels));
  }
}
