// Averages of weights, followed beside a training without one.

#include <doctest/doctest.h>

#include <cmath>

#include "averages/average.hpp"
#include "reference/read.hpp"
#include "train/job.hpp"

using namespace bpnet;

namespace {

constexpr const char* model = "model=[{dense: {units: 6, activation: tanh}}, batch_norm, output]";

std::unique_ptr<Job> job_with(const std::string& average) {
  return make_job(BPNET_SOURCE "/configs/wine.yaml", {model, "train.epochs=4", "train.average=" + average},
                  Purpose::train);
}

std::vector<Real> copy_of(std::span<const Real> values) { return {values.begin(), values.end()}; }

}  // namespace

TEST_CASE("ema follows the weights and the running statistics by its formula") {
  const auto job = job_with("{ema: 0.9}"), plain = job_with("none");
  Trainer trainer(job->settings, job->dataset, *job->learner);
  Trainer bare(plain->settings, plain->dataset, *plain->learner);
  CHECK(bare.average_values().empty());
  const Network &network = job->learner->network(), &same = plain->learner->network();
  std::vector<Real> values = copy_of(network.weights().values), buffers = copy_of(network.buffer_values());
  for (int step = 1; step <= 12; ++step) {
    trainer.bare_full_step();
    bare.bare_full_step();
    const double share =
        1 - std::min(0.9, static_cast<double>(1 + trainer.step()) / static_cast<double>(10 + trainer.step()));
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] += static_cast<Real>(share) * (network.weights().values[i] - values[i]);
    for (std::size_t i = 0; i < buffers.size(); ++i)
      buffers[i] += static_cast<Real>(share) * (network.buffer_values()[i] - buffers[i]);
  }
  CHECK(copy_of(network.weights().values) == copy_of(same.weights().values));
  CHECK(copy_of(network.buffer_values()) == copy_of(same.buffer_values()));
  for (std::size_t i = 0; i < values.size(); ++i)
    CHECK(trainer.average_values()[i] == doctest::Approx(values[i]).epsilon(1e-5));
  for (std::size_t i = 0; i < buffers.size(); ++i)
    CHECK(trainer.average_buffers()[i] == doctest::Approx(buffers[i]).epsilon(1e-5));
}

TEST_CASE("swa is the weights themselves, then their plain mean at every distance") {
  const auto swa = reference::made<Average>(averages, "swa: {from: 50%, every: 3 steps}");
  double mean = 0, sum = 0;
  int taken = 0;
  for (std::int64_t step = 1; step <= 20; ++step) {
    const auto weight = static_cast<double>(step * step);
    mean += swa->share({step, 20, 5}) * (weight - mean);
    if (step >= 10 && (step - 10) % 3 == 0) {
      sum += weight;
      ++taken;
    }
    CHECK(mean == doctest::Approx(step < 10 ? weight : sum / taken));
  }
  CHECK(taken == 4);
}

TEST_CASE("the averaged weights are those that are evaluated and kept") {
  const auto job = job_with("{ema: 0.99}");
  Trainer trainer(job->settings, job->dataset, *job->learner);
  Control control;
  trainer.run({}, control, [] {});
  CHECK(copy_of(trainer.best_values()) == copy_of(trainer.average_values()));  // the last is the best here
  CHECK(copy_of(trainer.best_buffers()) == copy_of(trainer.average_buffers()));
  CHECK(copy_of(trainer.best_values()) != copy_of(job->learner->network().weights().values));
}

TEST_CASE("an average in seconds is refused") {
  CHECK_THROWS_WITH_AS(job_with("{swa: {from: 3 seconds}}"), doctest::Contains("not in seconds"), Error);
}
