// Penalties in the gradient, and bounds on weights.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "math/shorten.hpp"
#include "math_help.hpp"
#include "model/network.hpp"
#include "train/job.hpp"

using namespace bpnet;

namespace {

std::unique_ptr<Job> job_with(std::vector<std::string> set) {
  set.insert(set.begin(), {"optimizer={sgd: 0.1}", "train.seed=3"});
  return make_job(BPNET_SOURCE "/configs/wine.yaml", std::move(set), Purpose::train);
}

constexpr const char* small =
    "model=[{dense: {units: 6, activation: tanh}}, batch_norm, {dense: {name: quiet, units: 4, decay: 0}}, "
    "{dense: {name: still, units: 4, freeze: true}}, output]";

}  // namespace

TEST_CASE("l1 and l2 pull at weights that decay, by their formulas") {
  for (const char* batches : {"train.accumulate=1", "train.accumulate=3"}) {
    const auto plain = job_with({small, batches}),
               pulled = job_with({small, batches, "train.l1=0.02", "train.l2=0.3"});
    Trainer a(plain->settings, plain->dataset, *plain->learner),
        b(pulled->settings, pulled->dataset, *pulled->learner);
    const auto first = plain->learner->network().weights().values;
    const std::vector<Real> before(first.begin(), first.end());
    a.bare_full_step();
    b.bare_full_step();
    const Weights x = plain->learner->network().weights(), y = pulled->learner->network().weights();
    for (const Segment& s : x.segments) {
      CAPTURE(s.path);
      const bool decays = s.role == Role::matrix && !s.path.starts_with("main.quiet") && !s.frozen;
      for (std::size_t i = s.begin; i < s.begin + s.size(); ++i) {
        const double w = before[i], pull = 0.02 * (w > 0 ? 1 : -1) + 0.3 * w;
        CHECK(y.values[i] == doctest::Approx(x.values[i] - (decays ? 0.1 * pull : 0)).epsilon(1e-5));
      }
    }
  }
}

TEST_CASE("bounds of members' own output layers are of the weights into one output") {
  const auto job = job_with(
      {"model=[{dense: 8}, {output: {max_norm: 0.3}}]", "train.ensemble={members: 3, shared: true}"});
  Trainer trainer(job->settings, job->dataset, *job->learner);
  for (int i = 0; i < 20; ++i) trainer.bare_full_step();
  const Weights weights = job->learner->network().weights();
  int seen = 0, longest = 0;
  for (const Segment& s : weights.segments) {
    if (s.shape.axes() != 3) continue;
    const int in = s.shape[1], out = s.shape[2];
    for (int m = 0; m < s.shape[0]; ++m)
      for (int o = 0; o < out; ++o) {
        double squares = 0;
        for (int k = 0; k < in; ++k) {
          const double w = weights.values[s.begin + static_cast<std::size_t>((m * in + k) * out + o)];
          squares += w * w;
        }
        CHECK(std::sqrt(squares) < 0.3 + 1e-5);
        longest += std::sqrt(squares) > 0.29;
        ++seen;
      }
  }
  CHECK(seen == 9);
  CHECK(longest > 4);
}

TEST_CASE("dense layers of features are a matrix each to muon and to bounds") {
  const auto job = job_with({"model=[{periodic: {frequencies: 3, units: 4, max_norm: 0.4}}, output]"});
  Trainer trainer(job->settings, job->dataset, *job->learner);
  for (int i = 0; i < 10; ++i) trainer.bare_full_step();
  const Weights weights = job->learner->network().weights();
  const auto dense = std::find_if(weights.segments.begin(), weights.segments.end(),
                                  [](const Segment& s) { return s.path == "main.1.dense.weight"; });
  REQUIRE(dense != weights.segments.end());
  REQUIRE(dense->shape == Shape{13, 6, 4});
  double longest = 0;
  for (int column = 0; column < 13 * 4; ++column) {
    double squares = 0;
    for (int k = 0; k < 6; ++k) {
      const auto at = static_cast<std::size_t>((column / 4 * 6 + k) * 4 + column % 4);
      squares += static_cast<double>(weights.values[dense->begin + at] * weights.values[dense->begin + at]);
    }
    longest = std::max(longest, std::sqrt(squares));
  }
  CHECK(longest == doctest::Approx(0.4));

  // A step of muon on three matrices is a step on each alone.
  Segment all;
  all.shape = {3, 5, 4};
  std::vector<Real> gradients(all.size());
  for (std::size_t i = 0; i < gradients.size(); ++i)
    gradients[i] = static_cast<Real>(std::sin(static_cast<double>(i * i)));
  const auto stepped = [&](const Segment& s, std::size_t from) {
    std::vector<Real> w(s.size()), g(gradients.begin() + static_cast<std::ptrdiff_t>(from),
                                     gradients.begin() + static_cast<std::ptrdiff_t>(from + s.size()));
    const auto muon = choose(optimizers, "muon").as<Optimizer>();
    muon->prepare(std::span(&s, 1), w.size());
    std::vector<Real> state(muon->arrays().size() * w.size());
    muon->step({w, g, std::span(&s, 1)}, state, {}, Evaluate{});
    return w;
  };
  const auto together = stepped(all, 0);
  Segment one = all;
  one.shape = {5, 4};
  for (std::size_t m = 0; m < 3; ++m) {
    const auto alone = stepped(one, m * 20);
    CHECK(std::equal(alone.begin(), alone.end(), together.begin() + static_cast<std::ptrdiff_t>(m * 20)));
  }
}

TEST_CASE("bounds of a transposed convolution are of the weights into one output channel") {
  const auto job = make_job(BPNET_SOURCE "/configs/digits_cnn.yaml",
                            {"optimizer={sgd: 0.1}",
                             "model=[{conv2d_transpose: {channels: 6, kernel_size: 2, max_norm: 0.2}}, "
                             "{conv2d_transpose: {channels: 4, kernel_size: 3, groups: 2, max_norm: 0.3}}, "
                             "flatten, output]"},
                            Purpose::train);
  const Trainer trainer(job->settings, job->dataset, *job->learner);
  const Weights weights = job->learner->network().weights();
  int seen = 0;
  for (const Segment& s : weights.segments) {
    if (s.shape.axes() != 5) continue;  // (groups, rows, columns, out, in)
    const int places = s.shape[1] * s.shape[2], out = s.shape[3], in = s.shape[4];
    for (int g = 0; g < s.shape[0]; ++g)
      for (int o = 0; o < out; ++o, ++seen) {
        double squares = 0;
        for (int p = 0; p < places; ++p)
          for (int i = 0; i < in; ++i) {
            const auto at = static_cast<std::size_t>(((g * places + p) * out + o) * in + i);
            squares += std::pow(double{weights.values[s.begin + at]}, 2);
          }
        CAPTURE(s.path);
        CHECK(std::sqrt(squares) == doctest::Approx(s.max_norm).epsilon(1e-4));
      }
  }
  CHECK(seen == 6 + 4);
}

TEST_CASE("columns and rows longer than the limit are shortened to it, others stay bit for bit") {
  const int rows = 37, cols = 45;
  const math_test::Numbers start(rows * cols, 5);
  for (bool columns : {true, false}) {
    const auto w = start.clone();
    const double limit = columns ? 6 : 6.5;
    (columns ? math::shorten_columns : math::shorten_rows)(w.data(), rows, cols, static_cast<Real>(limit));
    int shortened = 0;
    for (int k = 0; k < (columns ? cols : rows); ++k) {
      double was = 0, is = 0;
      bool same = true;
      for (int j = 0; j < (columns ? rows : cols); ++j) {
        const auto at = static_cast<std::size_t>(columns ? j * cols + k : k * cols + j);
        was += std::pow(double{start[at]}, 2);
        is += std::pow(double{w[at]}, 2);
        same = same && start[at] == w[at];
      }
      CHECK(std::sqrt(is) == doctest::Approx(std::min(limit, std::sqrt(was))).epsilon(1e-5));
      CHECK(same == (std::sqrt(was) <= limit));
      shortened += !same;
    }
    CHECK(shortened > 0);
    CHECK(shortened < (columns ? cols : rows));
  }
}

TEST_CASE("weights keep the bounds of their layers and of the blocks around them") {
  const auto job = job_with(
      {"model=[{dense: {units: 6, activation: relu, non_negative: true, max_norm: 0.5}}, "
       "{residual: {layers: [{dense: {units: 6, max_norm: 0.2}}, {dense: 6}], max_norm: 0.3}}, output]",
       "train.average={ema: 0.9}"});
  Trainer trainer(job->settings, job->dataset, *job->learner);
  for (int i = 0; i < 30; ++i) trainer.bare_full_step();
  const Weights weights = job->learner->network().weights();
  for (std::span<const Real> values :
       {std::span<const Real>(weights.values), std::span<const Real>(trainer.average_values())}) {
    for (const Segment& s : weights.segments) {
      CAPTURE(s.path);
      if (s.role != Role::matrix) continue;
      const double limit = s.path == "main.1.weight"     ? 0.5
                           : s.path == "main.2.1.weight" ? 0.2
                           : s.path == "main.2.2.weight" ? 0.3
                                                         : 0;
      CHECK(s.max_norm == limit);
      double longest = 0;
      for (int c = 0; c < s.shape[1]; ++c) {
        double square = 0;
        for (int r = 0; r < s.shape[0]; ++r) {
          const Real w = values[s.begin + static_cast<std::size_t>(r * s.shape[1] + c)];
          square += std::pow(double{w}, 2);
          if (s.non_negative) CHECK(w >= 0);
        }
        longest = std::max(longest, std::sqrt(square));
      }
      if (limit > 0 && values.data() == weights.values.data()) CHECK(longest <= limit * 1.0001);
    }
  }
}

TEST_CASE("an optimizer that does not fit the way it is used is refused") {
  const std::string bare = "model=[{dense: {units: 8, activation: relu}}, output]";
  const auto refused = [&](std::vector<std::string> set, const char* words) {
    set.insert(set.begin(), bare);
    CHECK_THROWS_WITH_AS(make_job(BPNET_SOURCE "/configs/wine.yaml", std::move(set), Purpose::train),
                         doctest::Contains(words), Error);
  };
  for (const char* optimizer : {"optimizer=lbfgs", "optimizer=rprop"})
    refused({optimizer, "train.batch_size=all", "model=[{residual: [{dropout: 0.1}]}, output]"}, "by chance");
  for (const char* optimizer : {"optimizer=lbfgs", "optimizer=rprop"})
    CHECK_THROWS_WITH_AS(
        make_job(BPNET_SOURCE "/configs/digits_cnn.yaml",
                 {"model=[flatten, output]", optimizer, "train.batch_size=all", "train.augment=[flip]"},
                 Purpose::train),
        doctest::Contains("leave train.augment out"), Error);
  refused({"optimizer=lbfgs"}, "of the same rows");
  refused({"optimizer=rprop"}, "of the same rows");
  refused({"optimizer=lbfgs", "train.batch_size=all", "train.clip_norm=1"}, "as it is");
  refused({"optimizer=lbfgs", "train.batch_size=all", "model.1.dense.max_norm=1"}, "in bounds");
  refused({"optimizer={lookahead: lbfgs}", "train.batch_size=all"}, "the only one that moves");
  refused({"optimizer={sam: lbfgs}", "train.batch_size=all"}, "cannot go around");
  refused({"optimizer={sam: {inner: sam}}"}, "cannot go around");
  refused({"optimizer={muon: {others: {sam: adam}}}"}, "muon.others");
  CHECK_NOTHROW(make_job(BPNET_SOURCE "/configs/wine.yaml",
                         {bare, "optimizer=rprop", "train.batch_size=25", "train.accumulate=5"},
                         Purpose::train));
}
