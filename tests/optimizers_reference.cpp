#include <doctest/doctest.h>

#include <cmath>

#include "math/threads.hpp"
#include "optimizers/optimizer.hpp"
#include "reference/read.hpp"

using namespace bpnet;

namespace {

constexpr double tolerance = sizeof(Real) == 4 ? 5e-6 : 1e-12;

/// The recorded tensors in flat arrays, with gaps between them as a network has.
struct Flat {
  explicit Flat(const nlohmann::json& record) {
    std::size_t end = 0;
    for (std::size_t i = 0; i < record["sizes"].size(); ++i) {
      const auto shape = record["shapes"][i].get<std::vector<int>>();
      const bool matrix = shape.size() == 2;
      Segment s;
      s.begin = end;
      s.shape = matrix ? Shape{shape[0], shape[1]} : Shape{shape[0]};
      s.role = matrix ? Role::matrix : Role::bias;
      if (matrix) s.file = FileOrder::transposed;
      s.rate = record["rates"][i];
      s.decay = record["decays"][i];
      segments.push_back(s);
      end += (s.size() + 15) / 16 * 16;
    }
    values.resize(end);
    gradients.resize(end);
    set(values, record["start"], 1);
  }
  void set(std::vector<Real>& array, const nlohmann::json& numbers, double factor) const {
    std::size_t k = 0;
    for (const Segment& s : segments)
      for (std::size_t i = 0; i < s.size(); ++i)
        array[s.begin + i] = static_cast<Real>(numbers[k++].get<double>() * factor);
  }
  void check(const nlohmann::json& expected, double within = tolerance) const {
    std::size_t k = 0, at = 0;
    for (const Segment& s : segments) {
      for (; at < s.begin; ++at) CHECK(values[at] == 0);
      for (; at < s.begin + s.size(); ++at)
        CHECK(values[at] == doctest::Approx(expected[k++].get<double>()).epsilon(within).scale(1));
    }
    for (; at < values.size(); ++at) CHECK(values[at] == 0);
  }
  Weights weights() { return {values, gradients, segments}; }
  std::vector<Real> state_for(Optimizer& optimizer) const {
    optimizer.prepare(segments, values.size());
    return std::vector<Real>(optimizer.arrays().size() * values.size());
  }
  /// A batch's loss is its gradient times the weights and a parabola: adds the latter's gradient.
  void bend(double curvature, double factor) {
    for (std::size_t i = 0; i < values.size(); ++i)
      gradients[i] += static_cast<Real>(curvature * factor) * values[i];
  }

  std::vector<Segment> segments;
  std::vector<Real> values, gradients;
};

}  // namespace

TEST_CASE("optimizers take PyTorch's steps") {
  const auto record = reference::read("optimizers");
  for (const auto& c : record["cases"]) {
    const auto name = c["optimizer"].get<std::string>();
    CAPTURE(name);
    const auto optimizer = reference::made<Optimizer>(optimizers, name);
    // Clipping multiplies gradients as they are read: the same steps from gradients four times as large.
    for (double clip : {1.0, 0.25}) {
      Flat flat(record);
      std::vector<Real> state = flat.state_for(*optimizer);
      for (std::size_t i = 0; i < record["gradients"].size(); ++i) {
        const Evaluate look = [&, clip] {
          flat.set(flat.gradients, record["gradients"][i], 1 / clip);
          flat.bend(c["curvature"], 1 / clip);
          return Look{0, clip, true};
        };
        look();
        optimizer->step(flat.weights(), state, {record["factors"][i], clip, static_cast<std::int64_t>(i) + 1},
                        look);
        if (i == 0) flat.check(c["after_first"]);
      }
      flat.check(c["after_last"]);
    }
  }
}

TEST_CASE("lbfgs takes PyTorch's steps") {
  const auto record = reference::read("optimizers");
  for (const auto& c : record["searches"]) {
    const auto name = c["optimizer"].get<std::string>();
    CAPTURE(name);
    const auto optimizer = reference::made<Optimizer>(optimizers, name);
    Flat flat(record), slope(record);
    slope.set(slope.values, record["gradients"][0], 1);
    for (Segment& s : flat.segments) s.rate = 1;
    std::vector<Real> state = flat.state_for(*optimizer);
    const Evaluate look = [&] {
      double loss = 0, rise = 0.5;
      for (const Segment& s : flat.segments)
        for (std::size_t i = s.begin; i < s.begin + s.size(); ++i, rise += 0.1) {
          const double w = flat.values[i], g = slope.values[i];
          loss += g * w + rise * (w * w / 2 + w * w * w * w / 4);
          flat.gradients[i] = static_cast<Real>(2 * (g + rise * (w + w * w * w)));
        }
      return Look{loss, 0.5, true};
    };
    std::size_t checked = 0;
    for (std::int64_t step = 1; step <= 6; ++step) {
      optimizer->step(flat.weights(), state, {1, 0.5, step, look().loss}, look);
      if (step == 1 || step == 3 || step == 6)
        flat.check(c["after"][checked++], sizeof(Real) == 4 ? 2e-5 : 1e-9);
    }
  }
}

TEST_CASE("a look at the loss that is not finite leaves the weights to sam, shortens the way of lbfgs") {
  const auto record = reference::read("optimizers");
  Flat flat(record);
  const auto before = flat.values;
  flat.set(flat.gradients, record["gradients"][0], 1);
  const auto sam = reference::made<Optimizer>(optimizers, "sam");
  std::vector<Real> state = flat.state_for(*sam);
  CHECK_THROWS_AS(sam->step(flat.weights(), state, {}, [] { return Look{NAN, 0, false}; }), Diverged);
  CHECK(flat.values == before);

  const auto lbfgs = reference::made<Optimizer>(optimizers, "lbfgs");
  state = flat.state_for(*lbfgs);
  const Evaluate look = [&] {  // a parabola with a wall around it
    double squares = 0;
    for (std::size_t i = 0; i < flat.values.size(); ++i) {
      squares += static_cast<double>(flat.values[i]) * static_cast<double>(flat.values[i]);
      flat.gradients[i] = flat.values[i];
    }
    double moved = 0;
    for (std::size_t i = 0; i < flat.values.size(); ++i)
      moved = std::max(moved, std::abs(static_cast<double>(flat.values[i]) - static_cast<double>(before[i])));
    return Look{squares / 2, 1, moved < 1e-3};
  };
  const double loss = look().loss;
  lbfgs->step(flat.weights(), state, {1, 1, 1, loss}, look);
  const Look after = look();
  CHECK(after.finite);
  CHECK(after.loss < loss);
}

TEST_CASE("lbfgs tells whether its last look was where it stands, which it mostly was") {
  const auto record = reference::read("optimizers");
  Flat flat(record);
  const auto lbfgs = reference::made<Optimizer>(optimizers, "lbfgs");
  std::vector<Real> state = flat.state_for(*lbfgs), seen;
  const Evaluate look = [&] {
    seen = flat.values;
    double loss = 0;
    for (const Segment& s : flat.segments)
      for (std::size_t i = s.begin; i < s.begin + s.size(); ++i) {
        const double x = static_cast<double>(flat.values[i]), steep = 1 + static_cast<double>(i % 7);
        loss += steep * x * x / 2 + std::cos(x);
        flat.gradients[i] = static_cast<Real>(steep * x - std::sin(x));
      }
    return Look{loss, 1, true};
  };
  double loss = look().loss;
  int known = 0;
  for (int step = 1; step <= 8; ++step) {
    lbfgs->step(flat.weights(), state, {1, 1, step, loss}, look);
    if (lbfgs->looked_last_where_it_stands()) CHECK(seen == flat.values);
    known += lbfgs->looked_last_where_it_stands();
    const double now = look().loss;
    CHECK(now < loss);
    loss = now;
  }
  CHECK(known >= 6);
}

TEST_CASE("muon gives the same bits on any number of threads") {
  std::vector<Real> first;
  for (int threads : {1, 2, 3}) {
    math::set_threads(threads);
    const auto muon = reference::made<Optimizer>(optimizers, "muon");
    Segment s;
    s.shape = {300, 170};
    s.file = FileOrder::transposed;
    std::vector<Real> values(s.size()), gradients(s.size());
    for (std::size_t i = 0; i < s.size(); ++i)
      gradients[i] = static_cast<Real>(std::sin(static_cast<double>(i * i % 1013)));
    const Weights weights{values, gradients, std::span(&s, 1)};
    muon->prepare(weights.segments, values.size());
    std::vector<Real> state(muon->arrays().size() * values.size());
    muon->step(weights, state, {}, Evaluate{});
    if (threads == 1) first = values;
    CHECK(values == first);
  }
  math::set_threads(1);
}

TEST_CASE("frozen segments keep their weights and learn nothing, the others move as before") {
  const auto record = reference::read("optimizers");
  for (const Entry* entry : optimizers.entries) {
    CAPTURE(std::string(entry->name));
    const auto optimizer = reference::made<Optimizer>(optimizers, entry->example);
    for (std::size_t frozen = 0; frozen < 3; ++frozen) {
      Flat all(record), some(record);
      some.segments[frozen].frozen = true;
      all.set(all.gradients, record["gradients"][1], 1);
      some.gradients = all.gradients;
      const auto other = reference::made<Optimizer>(optimizers, entry->example);
      std::vector<Real> state = all.state_for(*optimizer), state_of_some = some.state_for(*other);
      const std::size_t arrays = optimizer->arrays().size();
      const auto before = some.values;
      const Evaluate flat = [] { return Look{-1000, 0.5, true}; };  // far lower and less steep
      optimizer->step(all.weights(), state, {}, flat);
      other->step(some.weights(), state_of_some, {}, flat);
      for (std::size_t k = 0; k < 3; ++k) {
        const Segment& s = all.segments[k];
        for (std::size_t i = s.begin; i < s.begin + s.size(); ++i) {
          if (k == frozen)
            CHECK(some.values[i] == before[i]);
          else if (!optimizer->looks_again())  // these take one direction of all weights
            CHECK(some.values[i] == all.values[i]);
          CHECK(all.values[i] != before[i]);
          for (std::size_t a = 0; a < arrays; ++a) {
            const std::size_t at = a * all.values.size() + i;
            if (k == frozen)  // nothing, or a copy of the weights
              CHECK((state_of_some[at] == 0 || state_of_some[at] == before[i]));
            else if (!optimizer->looks_again())
              CHECK(state_of_some[at] == state[at]);
          }
        }
      }
    }
  }
}
