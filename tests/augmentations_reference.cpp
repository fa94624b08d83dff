// Changes of pictures against those of Pillow, which rounds to bytes.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "augmentations/colours.hpp"
#include "augmentations/tones.hpp"
#include "augmentations/warp.hpp"
#include "reference/read.hpp"

using namespace bpnet;

namespace {

std::vector<float> of_bytes(const nlohmann::json& bytes) {
  std::vector<float> out;
  for (const int b : bytes) out.push_back(static_cast<float>(b) / 255);
  return out;
}

void change(const std::string& name, double by, const PictureView& picture, float* scratch) {
  const auto factor = static_cast<float>(by);
  if (name == "brightness") change_brightness(picture, factor);
  if (name == "contrast") change_contrast(picture, factor);
  if (name == "saturation") change_saturation(picture, factor);
  if (name == "sharpness") change_sharpness(picture, factor, scratch);
  if (name == "posterize") posterize(picture, static_cast<int>(by));
  if (name == "solarize") solarize(picture, factor);
  if (name == "auto_contrast") auto_contrast(picture);
  if (name == "equalize") equalize(picture);
  if (name == "rotate") warp(picture, Affine::turned(by), Border::edge, scratch);
}

}  // namespace

TEST_CASE("colours, tones and turns are those of Pillow") {
  const auto recorded = reference::read("augmentations");
  const int height = recorded["height"], width = recorded["width"];
  for (const auto& [key, after] : recorded["after"].items()) {
    CAPTURE(key);
    const std::string name = key.substr(0, key.find(' '));
    std::vector<float> values = of_bytes(recorded["before"]), scratch(values.size());
    const std::vector<float> before = values, expected = of_bytes(after);
    change(name, std::stod(key.substr(name.size())), {values.data(), height, width, 3}, scratch.data());
    // A factor enlarges Pillow's rounding of the picture it leads away from.
    const double allowed = name == "posterize" || name == "solarize" || name == "equalize" ? 0.01 : 2.01;
    double worst = 0;
    std::size_t compared = 0;
    for (std::size_t i = 0; i < values.size(); i += 3) {
      // Beyond the edge Pillow's turned pictures are black.
      if (name == "rotate" && expected[i] == 0) continue;
      ++compared;
      for (std::size_t k = i; k < i + 3; ++k)
        worst = std::max(worst, 255 * static_cast<double>(std::fabs(values[k] - expected[k])));
    }
    CHECK(worst <= allowed);
    CHECK(compared > 300);
    CHECK(values != before);
  }
}
