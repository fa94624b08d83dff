// Several networks in one model.

#include <doctest/doctest.h>

#include <cmath>
#include <map>

#include "allocations.hpp"
#include "train/job.hpp"

using namespace bpnet;

namespace {

std::unique_ptr<Job> job_with(const std::string& ensemble, std::vector<std::string> set = {}) {
  set.insert(set.begin(),
             {"train.ensemble=" + ensemble, "optimizer={sgd: {learning_rate: 0.1, momentum: 0.9}}"});
  return make_job(BPNET_SOURCE "/configs/breast_cancer.yaml", std::move(set), Purpose::train);
}

std::map<std::string, std::vector<Real>> tensors_after(int steps, Job& job) {
  Trainer trainer(job.settings, job.dataset, *job.learner);
  for (int i = 0; i < steps; ++i) trainer.bare_full_step();
  std::map<std::string, std::vector<Real>> out;
  const Weights weights = job.learner->network().weights();
  for (const Segment& s : weights.segments) {
    const auto part = weights.values.subspan(s.begin, s.size());
    out[s.path] = {part.begin(), part.end()};
  }
  return out;
}

}  // namespace

TEST_CASE("each member learns as if the others were not there") {
  for (const char* accumulate : {"train.accumulate=1", "train.accumulate=2"}) {
    const auto two = tensors_after(7, *job_with("2", {accumulate})),
               three = tensors_after(7, *job_with("{members: 3}", {accumulate}));
    CHECK(two.size() * 3 == three.size() * 2);
    for (const auto& [path, values] : two) {
      CAPTURE(path);
      CHECK(path.starts_with(path.starts_with("member_2") ? "member_2.main." : "member_1.main."));
      CHECK(three.at(path) == values);
    }
    CHECK(two.at("member_1.main.1.weight") != two.at("member_2.main.1.weight"));
  }
}

TEST_CASE("members that share weights start from one weight and scales of their own") {
  const auto tensors = tensors_after(0, *job_with("{members: 3, shared: true}"));
  CHECK(tensors.at("main.1.weight").size() == tensors_after(0, *job_with("none")).at("main.1.weight").size());
  const auto& signs = tensors.at("main.1.members.scale");
  CHECK(signs.size() == 3 * 30);
  int below = 0;
  for (const Real s : signs) {
    CHECK(std::abs(s) == 1);
    below += s < 0;
  }
  CHECK(below > 25);
  CHECK(below < 65);
  for (const char* scale : {"main.1.inputs.scale", "main.1.outputs.scale"})
    for (const Real s : tensors.at(scale)) CHECK(s == 1);
}

TEST_CASE("rows are spread to members where a layer first needs it, and every dense layer has their scales") {
  const auto paths = [](const std::string& model) {
    std::string out;
    for (const auto& [path, values] :
         tensors_after(2, *job_with("{members: 3, shared: true}", {"model=" + model})))
      out += " " + path.substr(std::string("main.").size());
    return out + " ";
  };
  const auto has = [](const std::string& all, const std::string& one) {
    return all.find(" " + one + " ") != std::string::npos;
  };
  const std::string numbers = paths("[{periodic: {frequencies: 2, units: 3}}, {dense: 4}, relu, output]");
  CHECK(has(numbers, "1.dense.weight"));
  CHECK(has(numbers, "2.members.scale"));
  CHECK_FALSE(has(numbers, "1.members.scale"));
  CHECK(has(paths("[{piecewise_linear: 4}, output]"), "2.members.scale"));
  CHECK(has(paths("[{feature_tokens: 3}, flatten, {dense: 4}, output]"), "3.members.scale"));
  const std::string layers = paths("[{maxout: 4}, {swiglu: 4}, {cross: {depth: 1, rank: 2}}, output]");
  for (const char* dense : {"1.dense", "2.gate", "2.value", "3.1.narrow", "3.1.dense"})
    for (const char* scale : {".inputs.scale", ".outputs.scale"}) {
      CAPTURE(dense);
      CHECK(has(layers, std::string(dense) + scale));
    }
  const std::string joined = paths(
      "[{parallel: {branches: [[{periodic: {frequencies: 2}}], [{dense: 4}], []]}}, "
      "{residual: {layers: [{dense: 5}], projection: true}}, output]");
  for (const char* spread : {"1.1.members.scale", "1.2.1.members.scale", "1.3.members.scale"}) {
    CAPTURE(spread);
    CHECK(has(joined, spread));
  }
  CHECK(has(joined, "2.projection.outputs.scale"));
  CHECK_FALSE(has(joined, "2.members.scale"));
}

TEST_CASE("an ensemble answers the mean of its members' answers") {
  const auto job = job_with("3");
  tensors_after(5, *job);
  const auto rows = job->dataset.part(Part::test).first(20);
  const Inferred said = job->learner->infer(*job->dataset.rows, rows);
  Run& run = job->learner->network().run({20}, Mode::inference);
  REQUIRE(run.outputs().size() == 3);
  REQUIRE(said.answers[0].size() == 2 * 20);
  REQUIRE(said.logits.size() == 1);
  for (std::size_t r = 0; r < 20; ++r) {
    double mean = 0, logit = 0;
    for (const View& v : run.outputs()) {
      logit += static_cast<double>(v.reals()[r]) / 3;
      mean += 1 / (1 + std::exp(-static_cast<double>(v.reals()[r]))) / 3;
    }
    CHECK(said.answers[0][2 * r + 1] == doctest::Approx(mean).epsilon(1e-5));
    CHECK(said.logits[0].reals()[r] == doctest::Approx(logit).epsilon(1e-5));
  }
}

TEST_CASE("members that share weights answer the mean of what a row of the output says for each") {
  const auto job = job_with("{members: 3, shared: true}");
  tensors_after(5, *job);
  const auto rows = job->dataset.part(Part::test).first(20);
  const Inferred said = job->learner->infer(*job->dataset.rows, rows);
  const Run& run = job->learner->network().run({20}, Mode::inference);
  REQUIRE(run.outputs().size() == 1);
  REQUIRE(said.logits[0].width() == 1);
  bool differ = false;
  for (std::size_t r = 0; r < 20; ++r) {
    double mean = 0;
    for (std::size_t m = 0; m < 3; ++m)
      mean += 1 / (1 + std::exp(-static_cast<double>(run.outputs()[0].reals()[3 * r + m]))) / 3;
    CHECK(said.answers[0][2 * r + 1] == doctest::Approx(mean).epsilon(1e-5));
    differ = differ || run.outputs()[0].reals()[3 * r] != run.outputs()[0].reals()[3 * r + 1];
  }
  CHECK(differ);
}

TEST_CASE("a step of an ensemble allocates nothing") {
  for (const char* ensemble : {"4", "{members: 4, shared: true}"}) {
    const auto job = job_with(ensemble, {"train.clip_norm=1", "train.average=ema"});
    Trainer trainer(job->settings, job->dataset, *job->learner);
    for (int i = 0; i < 20; ++i) trainer.bare_full_step();
    const auto before = allocations::count();
    for (int i = 0; i < 20; ++i) trainer.bare_full_step();
    CHECK(allocations::count() == before);
  }
}
