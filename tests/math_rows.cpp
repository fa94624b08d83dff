#include <doctest/doctest.h>

#include <limits>
#include <vector>

#include "math/batch_norm.hpp"
#include "math/image_kernels.hpp"
#include "math/normalise.hpp"
#include "math/pool.hpp"
#include "math/rowloss.hpp"
#include "math/softmax.hpp"
#include "math_help.hpp"
#include "reference/read.hpp"

using bpnet::Real;
using bpnet::math::RowSums;
using math_test::difference;
using math_test::Numbers;
namespace math = bpnet::math;

namespace {

constexpr double tolerance = sizeof(Real) == 4 ? 3e-6 : 1e-8;  // the record has 9 digits
constexpr Real not_a_number = std::numeric_limits<Real>::quiet_NaN();

/// The row loss of a record, by its name.
RowSums row_loss(const std::string& name, const Numbers& predictions, const Numbers& values,
                 const Real* row_weights, Real* gradient) {
  const int rows = static_cast<int>(predictions.size());
  if (name == "squared")
    return math::squared_error(predictions.data(), rows, values.data(), row_weights, gradient);
  if (name == "absolute")
    return math::absolute_error(predictions.data(), rows, values.data(), row_weights, gradient);
  if (name == "huber")
    return math::huber_error(predictions.data(), rows, values.data(), row_weights, Real{0.75}, gradient);
  std::vector<std::int32_t> classes;
  for (std::size_t i = 0; i < values.size(); ++i)
    classes.push_back(std::isnan(values[i]) ? -1 : values[i] == 1);
  return math::binary_cross_entropy(predictions.data(), rows, classes.data(), row_weights, {}, gradient);
}

}  // namespace

TEST_CASE("softmax and cross-entropy are PyTorch's") {
  const auto records = reference::read("math")["cross_entropy"];
  for (const auto& record : records) {
    const int rows = record["rows"], width = record["width"];
    CAPTURE(width);
    const Numbers logits(record["logits"]), row_weights(record["row_weights"]),
        class_weights(record["class_weights"]);
    const auto classes = record["classes"].get<std::vector<std::int32_t>>();
    const math::ClassTarget target = {record["smoothing"].get<Real>(),
                                      class_weights.size() > 0 ? class_weights.data() : nullptr};
    Numbers out(logits.size());
    const auto sums = math::softmax_cross_entropy(logits.data(), rows, width, classes.data(),
                                                  row_weights.data(), target, out.data());
    CHECK(sums.loss == doctest::Approx(record["loss"].get<double>()).epsilon(tolerance));
    CHECK(sums.weight == doctest::Approx(record["weight"].get<double>()).epsilon(tolerance));
    CHECK(difference(out, Numbers(record["gradient"])) < tolerance);
    const auto alone = math::softmax_cross_entropy(logits.data(), rows, width, classes.data(),
                                                   row_weights.data(), target, nullptr);
    CHECK(alone.loss == sums.loss);
    Numbers in_place = logits.clone();
    math::softmax_cross_entropy(in_place.data(), rows, width, classes.data(), row_weights.data(), target,
                                in_place.data());
    CHECK(difference(in_place, out) < tolerance);
    math::softmax(logits.data(), rows, width, out.data());
    CHECK(difference(out, Numbers(record["softmax"])) < tolerance);
  }
}

TEST_CASE("row losses are PyTorch's, and rows without a target count nothing") {
  const auto records = reference::read("math")["row_losses"];
  for (const auto& record : records) {
    const std::string name = record["name"];
    CAPTURE(name);
    const Numbers predictions(record["predictions"]), values(record["values"]),
        row_weights(record["row_weights"]);
    const Numbers gradient(predictions.size());
    const auto sums = row_loss(name, predictions, values, row_weights.data(), gradient.data());
    CHECK(sums.loss == doctest::Approx(record["loss"].get<double>()).epsilon(tolerance));
    CHECK(difference(gradient, Numbers(record["gradient"])) < tolerance);
    double weight = 0;
    for (std::size_t i = 0; i < row_weights.size(); ++i) weight += static_cast<double>(row_weights[i]);
    CHECK(sums.weight == doctest::Approx(weight).epsilon(1e-6));

    const Numbers missing = values.clone(), few(4), few_values(4);
    missing[3] = missing[20] = not_a_number;
    const auto without = row_loss(name, predictions, missing, nullptr, gradient.data());
    CHECK(without.weight == static_cast<double>(predictions.size() - 2));
    CHECK(std::isfinite(without.loss));
    CHECK(gradient[3] == 0);
    CHECK(gradient[20] == 0);
    CHECK(gradient[4] != 0);
    for (std::size_t i = 0; i < 4; ++i) few_values[i] = not_a_number;
    few[1] = not_a_number;
    const auto nothing = row_loss(name, few, few_values, nullptr, nullptr);
    CHECK(nothing.loss == 0);
    CHECK(nothing.weight == 0);
  }
}

TEST_CASE("binary cross-entropy is cross-entropy of two classes") {
  const Numbers z(50, 1), two(100), gradient(50), gradient_of_two(100), weights(2, 3);
  weights[0] = Real{0.75}, weights[1] = Real{1.5};
  std::vector<std::int32_t> classes;
  for (std::size_t i = 0; i < 50; ++i) {
    z[i] *= 20;
    two[2 * i + 1] = z[i];
    classes.push_back(static_cast<std::int32_t>(i % 3) - 1);
  }
  const math::ClassTarget target = {Real{0.125}, weights.data()};
  const auto one = math::binary_cross_entropy(z.data(), 50, classes.data(), nullptr, target, gradient.data());
  const auto other =
      math::softmax_cross_entropy(two.data(), 50, 2, classes.data(), nullptr, target, gradient_of_two.data());
  CHECK(one.loss == doctest::Approx(other.loss).epsilon(tolerance));
  CHECK(one.weight == doctest::Approx(other.weight).epsilon(tolerance));
  for (std::size_t i = 0; i < 50; ++i)
    CHECK(gradient[i] == doctest::Approx(gradient_of_two[2 * i + 1]).epsilon(1e-5));
}

TEST_CASE("logits that are not finite make a loss that is not finite, unless their row is left out") {
  for (int width : {3, 40}) {
    const Numbers logits(static_cast<std::size_t>(2 * width), 5), gradient(logits.size());
    logits[1] = not_a_number;
    std::vector<std::int32_t> classes = {0, 1};
    CHECK_FALSE(std::isfinite(
        math::softmax_cross_entropy(logits.data(), 2, width, classes.data(), nullptr, {}, gradient.data())
            .loss));
    classes[0] = -1;
    CHECK(std::isfinite(
        math::softmax_cross_entropy(logits.data(), 2, width, classes.data(), nullptr, {}, gradient.data())
            .loss));
    CHECK(gradient[1] == 0);
  }
}

TEST_CASE("normalisation is PyTorch's") {
  const auto records = reference::read("math")["normalisations"];
  for (const auto& record : records) {
    const bool layer = record["name"] == "layer_norm";
    for (const auto* kernels : math::usable_image_kernels()) {
      CAPTURE(kernels->width);
      const int rows = record["rows"], width = record["width"];
      CAPTURE(layer);
      CAPTURE(width);
      const auto columns = static_cast<std::size_t>(width);
      const Numbers in(record["in"]), scale(record["scale"]), shift(record["shift"]), dout(record["dout"]);
      const Numbers out(in.size()), din(in.size()), dscale(columns), dshift(columns);
      const Real epsilon = Real{1e-5f};
      const math::BatchNorm norm = {rows, width, epsilon, false, scale.data(), shift.data()};
      const Numbers saved(std::max(static_cast<std::size_t>(rows) * 2, norm.saved()));
      const Numbers scratch(std::max(math::layer_norm_scratch(rows, width), norm.scratch()));
      if (layer) {
        math::layer_norm(in.data(), rows, width, scale.data(), shift.data(), epsilon, out.data(),
                         saved.data());
        math::layer_norm_backward(in.data(), dout.data(), rows, width, scale.data(), saved.data(), din.data(),
                                  dscale.data(), dshift.data(), scratch.data());
      } else {
        math::batch_norm(norm, in.data(), out.data(), saved.data(), scratch.data(), *kernels);
        math::batch_norm_backward(norm, in.data(), dout.data(), saved.data(), din.data(), dscale.data(),
                                  dshift.data(), scratch.data(), *kernels);
      }
      CHECK(difference(out, Numbers(record["out"])) < 2 * tolerance);
      CHECK(difference(din, Numbers(record["din"])) < 4 * tolerance);
      CHECK(difference(dscale, Numbers(record["dscale"])) < 4 * tolerance);
      CHECK(difference(dshift, Numbers(record["dshift"])) < 4 * tolerance);
      if (layer) break;
      const Numbers again(in.size());
      math::batch_norm_inference(norm, in.data(), saved.data(), saved.data() + 2 * width, again.data(),
                                 scratch.data(), *kernels);
      CHECK(difference(again, out) < tolerance);
    }
  }
}

TEST_CASE("batch_norm with a pooling behind it is the one and then the other") {
  const int samples = 3;
  const auto slide = [](int size, int kernel) { return math::Slide{size, kernel, kernel, 1, 0, 0}; };
  for (const math::Window& window : {math::Window{slide(6, 2), slide(4, 2)}, {slide(6, 3), slide(2, 1)}})
    for (const int width : {3, 16, 37})
      for (const bool relu : {false, true})
        for (const auto* kernels : math::usable_image_kernels()) {
          CAPTURE(kernels->width);
          CAPTURE(window.rows.kernel);
          CAPTURE(width);
          CAPTURE(relu);
          const auto columns = static_cast<std::size_t>(width);
          const math::PoolShape pool = {samples, window, width};
          const int rows = samples * window.pixels();
          const std::size_t pooled = static_cast<std::size_t>(samples * window.places()) * columns;
          const Numbers in(static_cast<std::size_t>(rows) * columns, 1), scale(columns, 2), shift(columns, 3),
              dout(pooled, 4);
          for (std::size_t i = 0; i < in.size(); ++i)
            in[i] = std::round(in[i] * 2);  // so that many are equal
          math::BatchNorm norm = {rows, width, Real{1e-5f}, relu, scale.data(), shift.data()};
          const Numbers saved(norm.saved()), running(2 * columns, 5);
          for (std::size_t i = 0; i < columns; ++i) running[columns + i] = std::abs(running[columns + i]) + 1;
          const Numbers between(in.size()), dbetween(in.size()), out(pooled), din(in.size()), dscale(columns),
              dshift(columns), fixed_out(pooled), fixed_din(in.size());
          Numbers scratch(norm.scratch());
          const Real *mean = running.data(), *variance = running.data() + columns;
          math::batch_norm_inference(norm, in.data(), mean, variance, between.data(), scratch.data(),
                                     *kernels);
          math::max_pool(pool, between.data(), fixed_out.data(), *kernels);
          math::max_pool_backward(pool, between.data(), dout.data(), dbetween.data(), *kernels);
          math::batch_norm_inference_backward(norm, in.data(), dbetween.data(), mean, variance,
                                              fixed_din.data(), scratch.data(), *kernels);
          math::batch_norm(norm, in.data(), between.data(), saved.data(), scratch.data(), *kernels);
          math::max_pool(pool, between.data(), out.data(), *kernels);
          math::max_pool_backward(pool, between.data(), dout.data(), dbetween.data(), *kernels);
          math::batch_norm_backward(norm, in.data(), dbetween.data(), saved.data(), din.data(), dscale.data(),
                                    dshift.data(), scratch.data(), *kernels);

          math::batch_norm_backward(norm, in.data(), dbetween.data(), saved.data(), dbetween.data(), nullptr,
                                    nullptr, scratch.data(), *kernels);
          CHECK(dbetween.same_bits(din));

          norm.pool = window;
          scratch = Numbers(norm.scratch());
          const Numbers out2(pooled), din2(in.size()), dscale2(columns), dshift2(columns);
          math::batch_norm(norm, in.data(), out2.data(), saved.data(), scratch.data(), *kernels);
          math::batch_norm_backward(norm, in.data(), dout.data(), saved.data(), din2.data(), dscale2.data(),
                                    dshift2.data(), scratch.data(), *kernels);
          CHECK(difference(out, out2) == 0);
          CHECK(difference(din, din2) < tolerance);
          CHECK(difference(dscale, dscale2) < 10 * tolerance);
          CHECK(difference(dshift, dshift2) < 10 * tolerance);
          math::batch_norm_inference(norm, in.data(), mean, variance, out2.data(), scratch.data(), *kernels);
          math::batch_norm_inference_backward(norm, in.data(), dout.data(), mean, variance, din2.data(),
                                              scratch.data(), *kernels);
          CHECK(difference(fixed_out, out2) == 0);
          CHECK(difference(fixed_din, din2) < tolerance);
        }
}

TEST_CASE("losses and norms have the same bits on any number of threads") {
  const int rows = 1000, width = 100;
  const Numbers in(100000, 1), dout(100000, 2), saved(2000);
  const Numbers scratch(math::BatchNorm{rows, width}.scratch());
  std::vector<std::int32_t> classes;
  for (int i = 0; i < rows; ++i) classes.push_back(i % width);
  CHECK(math_test::same_on_any_threads([&] {
    Numbers out(in.size());
    math::softmax_cross_entropy(in.data(), rows, width, classes.data(), nullptr, {}, out.data());
    return out;
  }));
  CHECK(math_test::same_on_any_threads([&] {
    Numbers sums(200), out(in.size()), din(in.size());
    math::layer_norm(in.data(), rows, width, nullptr, nullptr, Real{1e-5f}, out.data(), saved.data());
    math::layer_norm_backward(in.data(), dout.data(), rows, width, nullptr, saved.data(), din.data(),
                              sums.data(), sums.data() + 100, scratch.data());
    return sums;
  }));
  CHECK(math_test::same_on_any_threads([&] {
    Numbers out(in.size());
    math::batch_norm({rows, width, Real{1e-5f}}, in.data(), out.data(), saved.data(), scratch.data());
    return out;
  }));
  math::BatchNorm pooled = {rows, width, Real{1e-5f}, true};
  pooled.pool = math::Window{{50, 5, 5}, {10, 2, 2}};
  CHECK(math_test::same_on_any_threads([&] {
    Numbers out(in.size() / 10), gradients(in.size() + 2 * width);
    Real* sums = gradients.data() + in.size();
    math::batch_norm(pooled, in.data(), out.data(), saved.data(), scratch.data());
    math::batch_norm_backward(pooled, in.data(), dout.data(), saved.data(), gradients.data(), sums,
                              sums + width, scratch.data());
    return gradients;
  }));
}
