// Where in a picture the reasons for an answer lie.

#include "report/heat.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "spec/spec.hpp"
#include "tasks/supervised_model.hpp"
#include "train/job.hpp"

using namespace bpnet;

namespace {

std::unique_ptr<Job> digits(const std::string& model, std::vector<std::string> set = {}) {
  set.push_back("model=" + model);
  auto job = make_job(BPNET_SOURCE "/configs/digits_cnn.yaml", std::move(set), Purpose::train);
  job->learner->network().initialise(1);
  return job;
}

std::optional<HeatMap> map_of(Job& job, std::size_t label, HeatMethod method = HeatMethod::automatic) {
  return heat_map(*job.learner, *job.dataset.rows, 5, 0, label, method);
}

std::vector<Real> input_of(Job& job) {
  const std::int64_t row = 5;
  const View in = job.learner->infer(*job.dataset.rows, {&row, 1}).inputs[0];
  return {in.reals(), in.reals() + in.elements()};
}

std::vector<Real> divided(std::vector<Real> values) {
  const Real most = *std::max_element(values.begin(), values.end());
  for (Real& x : values) x /= most;
  return values;
}

void check_equal(const std::vector<Real>& got, const std::vector<Real>& want) {
  REQUIRE(got.size() == want.size());
  for (std::size_t i = 0; i < got.size(); ++i) CHECK(got[i] == doctest::Approx(want[i]).epsilon(1e-4));
}

}  // namespace

TEST_CASE("grad_cam of pixels' own features, by hand") {
  const auto job = digits("[{conv2d: {channels: 2, kernel_size: 1}}, global_average_pool, output]");
  const Weights w = job->learner->network().weights();
  const auto values = [&](std::size_t segment) { return w.values.subspan(w.segments[segment].begin); };
  REQUIRE(w.segments.size() == 4);
  const auto filters = values(0), biases = values(1), last = values(2);  // (1, 2), (2), (2, 10)
  biases[0] = Real{0.25};
  const auto in = input_of(*job);
  for (std::size_t label = 0; label < 10; ++label) {
    std::vector<Real> want;
    for (const Real x : in) {
      Real sum = 0;
      for (std::size_t c = 0; c < 2; ++c) sum += last[c * 10 + label] * (x * filters[c] + biases[c]);
      want.push_back(std::max(sum, Real{0}));
    }
    const auto map = map_of(*job, label);
    REQUIRE(map);
    CHECK(map->method == HeatMethod::grad_cam);
    CHECK(map->layers == "main.1 8x8x2");
    check_equal(map->values, divided(want));
  }
}

TEST_CASE("the gradient of a linear model is its weights") {
  const auto job = digits("[flatten, output]");
  const Weights w = job->learner->network().weights();
  CHECK(!map_of(*job, 3, HeatMethod::grad_cam));
  const auto map = map_of(*job, 3);
  REQUIRE(map);
  CHECK(map->method == HeatMethod::gradient);
  CHECK(map->layers == "");
  std::vector<Real> want;
  for (std::size_t i = 0; i < 64; ++i) want.push_back(std::abs(w.values[w.segments[0].begin + i * 10 + 3]));
  check_equal(map->values, divided(want));
}

TEST_CASE("smaller images are enlarged between the centres of their pixels") {
  const auto job = digits("[{average_pool2d: 4}, flatten, output]");
  const auto map = map_of(*job, 0);
  REQUIRE(map);
  CHECK(map->layers == "main.1 2x2x1");
  const auto at = [&](int y, int x) { return map->values[static_cast<std::size_t>(y * 8 + x)]; };
  for (int y = 0; y < 8; ++y) {
    CHECK(at(y, 0) == at(y, 1));  // outside of the centres
    CHECK(at(y, 6) == at(y, 7));
    for (int x = 2; x < 6; ++x)
      CHECK(at(y, x) == doctest::Approx(at(y, 0) + (2 * x - 3) / 8.0 * (at(y, 7) - at(y, 0))).epsilon(1e-4));
  }
}

TEST_CASE("images larger than the picture count") {
  const auto layers_of = [](const std::string& model) { return map_of(*digits(model), 0)->layers; };
  CHECK(layers_of("[{conv2d: {channels: 4, kernel_size: 1, padding: 1}}, flatten, output]") ==
        "main.1 10x10x4");
  CHECK(layers_of("[{conv2d: 4}, {upsample: 2}, {conv2d: {channels: 3, padding: same}}, flatten, output]") ==
        "main.3 12x12x3");
  CHECK(layers_of("[{zero_pad: 2}, {conv2d: {channels: 3, kernel_size: 5}}, flatten, output]") ==
        "main.2 8x8x3");
}

TEST_CASE("of an ensemble all members have a say, of branches each") {
  const auto two =
      digits("[{conv2d: {channels: 4, kernel_size: 3}}, relu, flatten, output]", {"train.ensemble=2"});
  const auto map = map_of(*two, 1);
  REQUIRE(map);
  CHECK(map->layers == "member_1.main.2 6x6x4, member_2.main.2 6x6x4");
  CHECK(*std::max_element(map->values.begin(), map->values.end()) <= 1);
  const auto branches = digits(
      "[{parallel: {branches: [[{conv2d: {channels: 4, kernel_size: 3}}, flatten], [{max_pool2d: 2}, "
      "flatten]]}}, output]");
  CHECK(map_of(*branches, 1)->layers == "main.1.1.1 6x6x4, main.1.2.1 4x4x1");
}

TEST_CASE("which outputs stand for a class or a number") {
  const auto slopes = [](const LossHead& head, std::size_t label, std::vector<Real> logits) {
    View view;
    view.port.shape = {static_cast<int>(logits.size())};
    view.samples = 1;
    view.data = reinterpret_cast<std::byte*>(logits.data());
    std::vector<Real> out(logits.size(), 9);
    output_slopes(head, label, view, out);
    return out;
  };
  LossHead head;
  head.target.classes = true;
  CHECK(slopes(head, 2, {5, 6, 7}) == std::vector<Real>{0, 0, 1});
  CHECK(slopes(head, 0, {5}) == std::vector<Real>{-1});
  CHECK(slopes(head, 1, {5}) == std::vector<Real>{1});
  const auto number = [&](const char* loss, std::vector<Real> logits) {
    head.target = {};
    head.loss = choose(losses, loss).as<Loss>();
    head.loss->bind(head.target);
    head.target.answers = head.loss->answers(head.target);
    return slopes(head, 0, std::move(logits));
  };
  check_equal(number("mse", {3}), {1});
  check_equal(number("quantile", {3, 1, 2}), {0, 0, 1});  // the median answers
  check_equal(number("gaussian_nll", {3, 1}), {1, 0});
  check_equal(number("poisson", {2}), {std::exp(Real{2})});
}

TEST_CASE("the picture stands beside its greys under the map") {
  HeatMap map;
  map.height = map.width = 2;
  map.values = {0, 1, 0, 0};
  const SeenPictures picture{{2, 2, 1}, {0, 0, 1, 1}};
  Bitmap drawn = heat_picture(picture, map, "left", "right");
  CHECK(drawn.width == 2 * 256 + 9);
  const auto colour = [&](int part, int y, int x) {
    return drawn.at(3 + part * 259 + x * 128 + 5, 3 + y * 128 + 5);
  };
  CHECK(colour(0, 0, 1) == Colour{0, 0, 0});
  CHECK(colour(0, 1, 0) == Colour{255, 255, 255});
  CHECK(colour(1, 0, 0) == Colour{0, 0, 0});
  CHECK(colour(1, 0, 1) == Colour{204, 204, 204});  // white over black
  CHECK(colour(1, 1, 1) == Colour{128, 128, 128});
}
