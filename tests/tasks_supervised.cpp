// What the supervised task does between rows, losses and metrics, on the shipped data.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "train/job.hpp"

using namespace bpnet;

namespace {

std::unique_ptr<Job> job_of(const std::string& config, std::vector<std::string> set) {
  return make_job(std::string(BPNET_SOURCE) + "/configs/" + config, std::move(set), Purpose::train);
}

/// Rows with the weights 0, 1, 2, 0, 1, 2, ...
class Weighted final : public Rows {
 public:
  explicit Weighted(std::shared_ptr<const Rows> inner) : inner_(std::move(inner)) {}
  static std::int64_t weight(std::int64_t row) { return row % 3; }
  std::int64_t count() const override { return inner_->count(); }
  const Encoding& encoding() const override { return inner_->encoding(); }
  void gather(std::span<const std::int64_t> rows, std::span<const View> inputs,
              const PictureChange* change) const override {
    inner_->gather(rows, inputs, change);
  }
  void classes(std::size_t t, std::span<const std::int64_t> rows, std::int32_t* out) const override {
    inner_->classes(t, rows, out);
  }
  void values(std::size_t t, std::span<const std::int64_t> rows, Real* out) const override {
    inner_->values(t, rows, out);
  }
  bool weighted() const override { return true; }
  void weights(std::span<const std::int64_t> rows, Real* out) const override {
    std::transform(rows.begin(), rows.end(), out,
                   [](std::int64_t row) { return static_cast<Real>(weight(row)); });
  }
  Place place(std::int64_t row) const override { return inner_->place(row); }

 private:
  std::shared_ptr<const Rows> inner_;
};

}  // namespace

TEST_CASE("a row of weight 2 counts as two rows in losses, gradients and metrics") {
  const std::vector<std::pair<std::string, std::vector<std::string>>> cases = {
      {"wine.yaml", {}},
      {"breast_cancer.yaml", {}},
      {"diabetes.yaml", {"loss=quantile", "model=[{dense: 4}, output]"}},
      {"wine.yaml",
       {"data.target=[cultivar, ash]", "data.columns={ash: number}", "model=[{dense: 4}, output]"}},
  };
  for (const auto& [config, set] : cases) {
    CAPTURE(config);
    const auto job = job_of(config, set);
    Learner& learner = *job->learner;
    learner.network().initialise(1);
    const Weighted weighted(job->dataset.rows);
    std::vector<std::int64_t> once, repeated;
    for (std::int64_t row = 0; row < 30; ++row) {
      once.push_back(row);
      for (std::int64_t i = 0; i < Weighted::weight(row); ++i) repeated.push_back(row);
    }
    ScoreSums a = learner.new_sums(), b = learner.new_sums();
    learner.evaluate(weighted, once, 100, a);
    learner.evaluate(*job->dataset.rows, repeated, 100, b);
    CHECK(a.loss.weight == doctest::Approx(b.loss.weight));
    CHECK(a.loss.mean() == doctest::Approx(b.loss.mean()).epsilon(1e-5));
    for (std::size_t m = 0; m < a.tallies.size(); ++m)
      CHECK(a.tallies[m]->value() == doctest::Approx(b.tallies[m]->value()).epsilon(1e-5));

    if (config != "diabetes.yaml") continue;  // no dropout: the same step
    const auto gradients = learner.network().weights().gradients;
    learner.learn(weighted, once, {1, 0, 0, once}, true, nullptr);
    const std::vector<Real> of_weights(gradients.begin(), gradients.end());
    learner.learn(*job->dataset.rows, repeated, {1, 0, 0, repeated}, true, nullptr);
    for (std::size_t i = 0; i < gradients.size(); ++i) CHECK(std::abs(of_weights[i] - gradients[i]) < 1e-4);
  }
}

TEST_CASE("answers and truths are in the column's unit, whatever scale the loss works on") {
  for (const char* loss : {"mse", "poisson", "gaussian_nll", "quantile"}) {
    CAPTURE(std::string(loss));
    const auto job = job_of("diabetes.yaml",
                            {std::string("loss=") + loss, "model=[{dense: {units: 4, rate: 0}}, output]"});
    Trainer trainer(job->settings, job->dataset, *job->learner);
    const auto rows = job->dataset.part(Part::training);
    for (int i = 0; i < 400; ++i) trainer.bare_full_step();
    ScoreSums sums = job->learner->new_sums();
    double mean_answer = 0, mean_value = 0, least = 1e9;
    for (const std::int64_t& row : rows) {
      const Judged judged = job->learner->score(*job->dataset.rows, {&row, 1}, sums).judged[0];
      mean_answer += judged.answers[0];
      mean_value += judged.values[0];
      least = std::min(least, double{judged.values[0]});
    }
    const double n = static_cast<double>(rows.size());
    CHECK(mean_value / n == doctest::Approx(job->dataset.encoding->scales()[0].mean).epsilon(1e-5));
    CHECK(least == doctest::Approx(job->learner->targets()[0].least).epsilon(1e-4));
    CHECK(mean_answer / n == doctest::Approx(mean_value / n).epsilon(0.15));
  }
}

TEST_CASE("piecewise_linear has the training rows' quantiles for edges, kept with the model") {
  const auto job = job_of("wine.yaml", {"model=[{piecewise_linear: 4}, output]"});
  Trainer trainer(job->settings, job->dataset, *job->learner);
  const Network& network = job->learner->network();
  REQUIRE(network.buffer_segments().size() == 1);
  const Segment edges = network.buffer_segments()[0];
  CHECK(edges.path == "main.1.encoding.edges");
  CHECK(edges.shape == Shape{13, 5});
  const auto rows = job->dataset.part(Part::training);
  std::vector<Real> alcohol;
  for (const std::int64_t& row : rows)
    alcohol.push_back(job->learner->infer(*job->dataset.rows, {&row, 1}).inputs[0].reals()[0]);
  std::sort(alcohol.begin(), alcohol.end());
  const Real* found = &network.buffer_values()[edges.begin];
  CHECK(found[0] == alcohol.front());
  CHECK(found[2] == alcohol[alcohol.size() / 2]);  // 125 rows
  CHECK(found[4] == alcohol.back());
}
