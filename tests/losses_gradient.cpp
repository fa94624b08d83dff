#include <doctest/doctest.h>

#include <cmath>

#include "core/random.hpp"
#include "reference/read.hpp"

using namespace bpnet;

// Central differences over every entry of the table; in double they are sharp.
TEST_CASE("the gradient of every loss is the slope of its sum") {
  constexpr bool sharp = sizeof(Real) == 8;
  constexpr double step = sharp ? 1e-6 : 1.0 / 128, tolerance = sharp ? 1e-7 : 2e-3;
  constexpr int rows = 6;
  const Draw draw = Draw::of(1, stream_of("losses"));

  for (const Entry* entry : losses.entries) {
    CAPTURE(std::string(entry->name));
    const auto loss = reference::made<Loss>(losses, entry->example);
    const TargetKind target = reference::target(entry->input);
    loss->bind(target);
    const int width = loss->width(target);
    std::vector<Real> outputs(static_cast<std::size_t>(rows * width)), gradient(outputs.size());
    for (std::size_t i = 0; i < outputs.size(); ++i) outputs[i] = static_cast<Real>(draw.normal(0, i));
    std::vector<std::int32_t> classes;
    std::vector<Real> values, weights;
    for (std::uint64_t i = 0; i < rows; ++i) {
      if (target.classes)
        classes.push_back(static_cast<std::int32_t>(draw.index(1, i, target.labels.size())));
      else
        values.push_back(static_cast<Real>(2 * draw.normal(2, i)));
      weights.push_back(static_cast<Real>(draw.uniform(3, i)) + Real(0.5));
    }
    const Truth truth = {classes, values, weights};
    const View in = reference::view(outputs, width);
    loss->compute(in, truth, reference::view(gradient, width));

    for (std::size_t i = 0; i < outputs.size(); ++i) {
      const Real at = outputs[i];
      const Real above = at + static_cast<Real>(step), below = at - static_cast<Real>(step);
      outputs[i] = above;
      const double high = loss->compute(in, truth, View{}).sum;
      outputs[i] = below;
      const double low = loss->compute(in, truth, View{}).sum;
      outputs[i] = at;
      const double slope = (high - low) / (static_cast<double>(above) - static_cast<double>(below));
      CHECK(gradient[i] == doctest::Approx(slope).epsilon(tolerance).scale(1));
    }
  }
}
