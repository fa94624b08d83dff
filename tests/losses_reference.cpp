#include <doctest/doctest.h>

#include "reference/read.hpp"

using namespace bpnet;
using reference::view;

namespace {

constexpr double tolerance = sizeof(Real) == 4 ? 2e-6 : 1e-12;

}  // namespace

TEST_CASE("losses and their gradients are PyTorch's") {
  for (const auto& record : reference::read("losses")) {
    const auto name = record["loss"].get<std::string>();
    CAPTURE(name);
    const TargetKind target = reference::target(record["target"]);
    const auto loss = reference::made<Loss>(losses, name);
    loss->bind(target);
    const int width = loss->width(target);
    auto outputs = reference::reals(record["outputs"]), weights = reference::reals(record["weights"]);
    const auto rows = outputs.size() / static_cast<std::size_t>(width);
    Truth truth;
    std::vector<std::int32_t> classes;
    std::vector<Real> values;
    if (target.classes)
      truth.classes = classes = record["truth"].get<std::vector<std::int32_t>>();
    else
      truth.values = values = reference::reals(record["truth"]);
    truth.weights = weights;
    REQUIRE(record["truth"].size() == rows);

    std::vector<Real> gradient(outputs.size(), std::numeric_limits<Real>::quiet_NaN());
    const LossSum sum = loss->compute(view(outputs, width), truth, view(gradient, width));
    CHECK(sum.sum == doctest::Approx(record["sum"].get<double>()).epsilon(tolerance));
    CHECK(sum.mean() == doctest::Approx(record["mean"].get<double>()).epsilon(tolerance));
    const auto expected = record["gradient"].get<std::vector<double>>();
    for (std::size_t i = 0; i < expected.size(); ++i)
      CHECK(gradient[i] == doctest::Approx(expected[i]).epsilon(tolerance).scale(0.1));

    const LossSum without = loss->compute(view(outputs, width), truth, View{});
    CHECK(without.sum == sum.sum);
    CHECK(without.weight == sum.weight);
  }
}

TEST_CASE("answers are probabilities that add up to one, or the outputs themselves") {
  std::vector<Real> outputs = {2, -1, 0.5, 0, 0, 0}, answers(6);
  reference::made<Loss>(losses, "cross_entropy")->answer(view(outputs, 3), answers);
  CHECK(answers[0] == doctest::Approx(0.7855970));
  CHECK(answers[0] + answers[1] + answers[2] == doctest::Approx(1));
  CHECK(answers[4] == doctest::Approx(1.0 / 3));

  std::vector<Real> logits = {0, 30, -30};
  reference::made<Loss>(losses, "binary_cross_entropy")->answer(view(logits, 1), answers);
  CHECK(answers[0] == doctest::Approx(0.5));
  CHECK(answers[2] == doctest::Approx(9.357622968839299e-14));
  CHECK(answers[2] > 0);
  CHECK(answers[3] == doctest::Approx(1));
  CHECK(answers[5] == doctest::Approx(9.357622968839299e-14));

  for (const char* name : {"mse", "mae", "huber"}) {
    std::vector<Real> same(6);
    reference::made<Loss>(losses, name)->answer(view(outputs, 1), same);
    CHECK(same == outputs);
  }
}
