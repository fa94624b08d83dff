// Steps of whole jobs on the shipped data.

#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>

#include "allocations.hpp"
#include "math/threads.hpp"
#include "train/job.hpp"

using namespace bpnet;

namespace {

std::unique_ptr<Job> job_of(const std::string& config, std::vector<std::string> set) {
  return make_job(std::string(BPNET_SOURCE) + "/configs/" + config, std::move(set), Purpose::train);
}

std::vector<Real> weights_after(int steps, const std::string& config, std::vector<std::string> set) {
  const auto job = job_of(config, std::move(set));
  Trainer trainer(job->settings, job->dataset, *job->learner);
  for (int i = 0; i < steps; ++i) trainer.bare_full_step();
  const auto values = job->learner->network().weights().values;
  return {values.begin(), values.end()};
}

}  // namespace

TEST_CASE("a step of a known batch shape allocates nothing") {
  for (const char* config :
       {"wine.yaml", "digits.yaml", "diabetes.yaml", "blocks.yaml", "breast_cancer.yaml"}) {
    for (int threads : {1, 2}) {
      CAPTURE(config);
      CAPTURE(threads);
      math::set_threads(threads);
      const auto job = job_of(config, {"train.clip_norm=1", "train.accumulate=2"});
      Trainer trainer(job->settings, job->dataset, *job->learner);
      for (int i = 0; i < 20; ++i) trainer.bare_full_step();
      const auto before = allocations::count();
      for (int i = 0; i < 50; ++i) trainer.bare_full_step();
      CHECK(allocations::count() == before);
    }
  }
  math::set_threads(1);
}

TEST_CASE("an augmented step on pictures allocates nothing") {
  for (const char* mixing : {"mixup", "cutmix"})
    for (int threads : {1, 2}) {
      CAPTURE(threads);
      math::set_threads(threads);
      const auto job =
          job_of("digits.yaml", {"data.columns.photo={image: {from: [pixel_*], shape: [8, 8, 1]}}",
                                 "model=[flatten, {dense: 32}, relu, output]",
                                 "train.augment=[flip, {crop: 1}, rotate, {crop: {padding: 2, border: "
                                 "mean}}, contrast, {cutout: 2}, "
                                 "random_augment, " +
                                     std::string(mixing) + "]"});
      Trainer trainer(job->settings, job->dataset, *job->learner);
      for (int i = 0; i < 20; ++i) trainer.bare_full_step();
      const auto before = allocations::count();
      for (int i = 0; i < 20; ++i) trainer.bare_full_step();
      CHECK(allocations::count() == before);
    }
  math::set_threads(1);
}

TEST_CASE("no optimizer, average or bound allocates in a step") {
  const auto quiet = [](std::vector<std::string> set) {
    const auto job = job_of("digits.yaml", std::move(set));
    Trainer trainer(job->settings, job->dataset, *job->learner);
    for (int i = 0; i < 10; ++i) trainer.bare_full_step();
    const auto before = allocations::count();
    for (int i = 0; i < 20; ++i) trainer.bare_full_step();
    return allocations::count() == before;
  };
  for (const Entry* entry : optimizers.entries) {
    CAPTURE(std::string(entry->name));
    std::vector<std::string> set = {"optimizer={" + std::string(entry->example) + "}", "train.l1=0.001",
                                    "train.average=swa"};
    const auto optimizer = parse_choice(optimizers, entry->example).as<Optimizer>();
    if (optimizer->objection({.all_rows = false})) set.emplace_back("train.batch_size=all");
    if (optimizer->objection({.random = true}))
      set.emplace_back("model=[{dense: {units: 32, activation: relu}}, output]");
    CHECK(quiet(set));
  }
  CHECK(quiet({"train.average=ema", "model.1.dense.max_norm=1", "model.1.dense.non_negative=true"}));
}

TEST_CASE("nor does one of the layers of images") {
  const char* const layers =
      "model=[{conv2d: {channels: 6, kernel_size: 3, padding: same}}, relu, {max_pool2d: 2}, "
      "{conv2d: {channels: 16, kernel_size: 3, padding: same}}, batch_norm, relu, "
      "{residual: [{conv2d: {channels: 16, kernel_size: 3, padding: 1}}, group_norm, silu, "
      "{conv2d: {depthwise: true, kernel_size: 3, padding: 1}}, {squeeze_excite: 4}, drop_path]}, "
      "{conv2d_transpose: {channels: 8, kernel_size: 2, stride: 2}}, {conv2d: {channels: 8, groups: 2, "
      "stride: 2}}, "
      "{spatial_dropout: 0.2}, instance_norm, {zero_pad: 1}, {upsample: 2}, {average_pool2d: 2}, "
      "local_response_norm, global_average_pool, output]";
  for (int threads : {1, 2}) {
    math::set_threads(threads);
    const auto job = job_of("digits_cnn.yaml", {layers});
    Trainer trainer(job->settings, job->dataset, *job->learner);
    for (int i = 0; i < 5; ++i) trainer.bare_full_step();
    const auto before = allocations::count();
    for (int i = 0; i < 10; ++i) trainer.bare_full_step();
    CHECK(allocations::count() == before);
  }
  math::set_threads(1);
}

TEST_CASE("nor does one of the layers and losses on features, or of several answers") {
  const char* const layers =
      "model=[{parallel: {branches: [[{periodic: {frequencies: 4}}], [{piecewise_linear: 4}], "
      "[{feature_tokens: {units: 4, class_token: true}}, flatten], [{cross: {depth: 2, rank: 3}}], "
      "[{swiglu: 8}, rms_norm, gaussian_noise], [{maxout: 8}, alpha_dropout]]}}, output]";
  for (const auto& [config, loss] : {std::pair{"diabetes.yaml", "quantile"},
                                     {"diabetes.yaml", "gaussian_nll"},
                                     {"diabetes.yaml", "poisson"},
                                     {"wine.yaml", "focal"},
                                     {"wine.yaml", "hinge"},
                                     {"breast_cancer.yaml", "cosine"}}) {
    CAPTURE(loss);
    const auto job = job_of(config, {layers, std::string("loss=") + loss});
    Trainer trainer(job->settings, job->dataset, *job->learner);
    for (int i = 0; i < 20; ++i) trainer.bare_full_step();
    const auto before = allocations::count();
    for (int i = 0; i < 20; ++i) trainer.bare_full_step();
    CHECK(allocations::count() == before);
  }
}

TEST_CASE("layers on features and losses of several answers have the same bits on any number of threads") {
  for (const char* set :
       {"model=[{periodic: {frequencies: 8}}, gaussian_noise, output]",
        "model=[{piecewise_linear: 8}, {maxout: 32}, alpha_dropout, output]",
        "model=[{feature_tokens: {units: 8, class_token: true}}, flatten, rms_norm, output]",
        "model=[{cross: 2}, {swiglu: 32}, output]"})
    for (const char* loss : {"loss=focal", "loss=hinge", "loss=cosine"}) {
      CAPTURE(set);
      math::set_threads(1);
      const auto one = weights_after(3, "digits.yaml", {set, loss, "train.batch_size=1000"});
      math::set_threads(3);
      CHECK(weights_after(3, "digits.yaml", {set, loss, "train.batch_size=1000"}) == one);
    }
  math::set_threads(1);
}

TEST_CASE("accumulated batches make the step of one large batch") {
  const std::vector<std::string> common = {"optimizer={sgd: {learning_rate: 0.1}}",
                                           "model=[{dense: {units: 8, activation: tanh}}, output]"};
  auto large = common, small = common;
  large.push_back("train.batch_size=48");
  small.insert(small.end(), {"train.batch_size=16", "train.accumulate=3"});
  const auto a = weights_after(4, "wine.yaml", large), b = weights_after(4, "wine.yaml", small);
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) CHECK(std::abs(a[i] - b[i]) < 1e-5);
}

TEST_CASE("clipping bounds the step") {
  const auto before = weights_after(0, "wine.yaml", {});
  const auto after =
      weights_after(1, "wine.yaml", {"optimizer={sgd: {learning_rate: 1}}", "train.clip_norm=0.001"});
  double squares = 0;
  for (std::size_t i = 0; i < after.size(); ++i) squares += std::pow(double{after[i]} - double{before[i]}, 2);
  CHECK(std::sqrt(squares) == doctest::Approx(0.001).epsilon(1e-3));
}

TEST_CASE("another seed gives other weights, the same seed the same") {
  const auto a = weights_after(3, "wine.yaml", {}), b = weights_after(3, "wine.yaml", {}),
             c = weights_after(3, "wine.yaml", {"train.seed=1"});
  CHECK(a == b);
  CHECK(a != c);
}
