#include <doctest/doctest.h>

#include <cmath>

#include "losses/class_weights.hpp"
#include "reference/read.hpp"

using namespace bpnet;

namespace {

/// What a loss answers to outputs (rows, width).
std::vector<Real> answers(const char* yaml, const char* input, std::vector<Real> outputs) {
  const auto loss = reference::made<Loss>(losses, yaml);
  const TargetKind target = reference::target(input);
  loss->bind(target);
  const int width = loss->width(target);
  const std::size_t rows = outputs.size() / static_cast<std::size_t>(width);
  std::vector<Real> out(rows * loss->answers(target).size());
  loss->answer(reference::view(outputs, width), out);
  return out;
}

}  // namespace

TEST_CASE("every loss of classes answers probabilities in the order of its outputs") {
  const std::vector<std::vector<Real>> rows = {
      {2, -1, 0.5}, {-3, -1, -2}, {0, 0, 0}, {0, -1, -2}, {Real(1e20), 1, 0}, {Real(-1e20), Real(-2e20), -1}};
  for (const char* yaml : {"cross_entropy", "focal", "hinge", "cosine"})
    for (const auto& row : rows) {
      CAPTURE(std::string(yaml));
      CAPTURE(row[0]);
      const auto p = answers(yaml, "classes:3", row);
      CHECK(p[0] + p[1] + p[2] == doctest::Approx(1));
      for (std::size_t a = 0; a < 3; ++a) {
        CHECK(p[a] >= 0);
        for (std::size_t b = 0; b < 3; ++b)
          if (row[a] > row[b]) CHECK(p[a] >= p[b]);
      }
    }
  // Of the cosines 0.6 and 0.8 the squares.
  const auto p = answers("cosine", "classes:3", {3, 4, -2});
  CHECK(p[0] == doctest::Approx(0.36));
  CHECK(p[2] == 0);
  for (const char* yaml : {"focal", "hinge"}) {
    const auto two = answers(yaml, "classes:2", {30, -1});
    CHECK(two[0] == doctest::Approx(9.357622968839299e-14));
    CHECK(two[3] == doctest::Approx(0.2689414));
  }
}

TEST_CASE("quantiles are answered in order, with the middle one in front") {
  const auto crossed = answers("quantile: [0.9, 0.1, 0.5]", "number", {3, 1, 2, 1, 2, 3});
  CHECK(crossed == std::vector<Real>{2, 1, 2, 3, 2, 1, 2, 3});
  CHECK(answers("quantile: [0.05, 0.95]", "number", {1, 4}) == std::vector<Real>{2.5, 1, 4});
  CHECK(answers("quantile: [0.1, 0.4, 0.6, 0.7]", "number", {1, 2, 4, 5}) ==
        std::vector<Real>{3, 1, 2, 4, 5});
  CHECK(answers("quantile: [0.1, 0.9, 0.95]", "number", {1, 2, 4}) == std::vector<Real>{1.5, 1, 2, 4});
  CHECK(answers("quantile: [0.6, 0.7]", "number", {1, 2}) == std::vector<Real>{1, 1, 2});
  CHECK(answers("quantile: 0.9", "number", {7}) == std::vector<Real>{7, 7});

  const auto bind = [](const char* yaml) {
    reference::made<Loss>(losses, yaml)->bind(reference::target("number"));
  };
  CHECK_THROWS_AS(bind("quantile: [0.5, 0.5]"), Error);
  CHECK_THROWS_AS(bind("quantile: []"), Error);
}

TEST_CASE("gaussian_nll answers mean and deviation, poisson a count in units of the mean") {
  const auto normal = answers("gaussian_nll", "number", {-2, 0, 1, -100});
  CHECK(normal[0] == -2);
  CHECK(normal[1] == doctest::Approx(std::sqrt(std::log(2.0) + 1e-6)));
  CHECK(normal[3] == doctest::Approx(1e-3));
  CHECK(answers("poisson", "number", {0})[0] == 1);

  const auto poisson = reference::made<Loss>(losses, "poisson");
  TargetKind count;
  count.mean = 4;
  CHECK(poisson->scale(count, {4, 3}) == TargetScale{0, 4});
  CHECK(poisson->scale(count, {1, 9}) == TargetScale{0, 4});  // minmax: its mean is the least
  CHECK(poisson->scale(count, {0, 1}) == TargetScale{0, 1});  // switched off
  TargetKind counts = reference::target("number");
  counts.least = 0;
  CHECK(poisson->objection(counts) == "");
  counts.least = -1;
  CHECK(poisson->objection(counts) == "needs counts, 0 or more, but 'target' goes below 0");
}

TEST_CASE("balanced weights are scikit-learn's") {
  TargetKind target = reference::target("classes:3");
  target.counts = {10, 30, 0};
  CHECK(balanced_weights(target) == std::vector<Real>{Real(40.0 / 30), Real(40.0 / 90), 1});

  // Two classes: the same gradient, up to a factor, by either loss.
  target = reference::target("classes:2");
  target.counts = {30, 10};
  std::vector<Real> outputs = {0, 1, 0, -1}, single = {1, -1}, gradient(4), slope(2);
  const std::vector<std::int32_t> classes = {0, 1};
  const Truth truth = {classes, {}, {}};
  const auto softmax = reference::made<Loss>(losses, "cross_entropy: {class_weights: balanced}");
  softmax->bind(target);
  const LossSum all = softmax->compute(reference::view(outputs, 2), truth, reference::view(gradient, 2));
  const auto logistic = reference::made<Loss>(losses, "binary_cross_entropy: {positive_weight: balanced}");
  logistic->bind(target);
  const LossSum sum = logistic->compute(reference::view(single, 1), truth, reference::view(slope, 1));
  CHECK(all.mean() == doctest::Approx(sum.mean()));
  CHECK(all.weight == doctest::Approx(sum.weight * 2 / 3));
  CHECK(gradient[1] == doctest::Approx(slope[0] * 2 / 3));
  CHECK(gradient[3] == doctest::Approx(slope[1] * 2 / 3));
}
