#include <doctest/doctest.h>

#include "optimizers/optimizer.hpp"
#include "reference/read.hpp"

using namespace bpnet;

namespace {

constexpr double tolerance = sizeof(Real) == 4 ? 5e-6 : 1e-12;

/// The recorded tensors in flat arrays, with gaps between them as a network has.
struct Flat {
  explicit Flat(const nlohmann::json& record) {
    const auto sizes = record["sizes"].get<std::vector<int>>();
    std::size_t end = 0;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      Segment s;
      s.begin = end;
      s.shape = {sizes[i]};
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
  void check(const nlohmann::json& expected) const {
    std::size_t k = 0, at = 0;
    for (const Segment& s : segments) {
      for (; at < s.begin; ++at) CHECK(values[at] == 0);
      for (; at < s.begin + s.size(); ++at)
        CHECK(values[at] == doctest::Approx(expected[k++].get<double>()).epsilon(tolerance).scale(1));
    }
    for (; at < values.size(); ++at) CHECK(values[at] == 0);
  }
  Weights weights() { return {values, gradients, segments}; }

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
      std::vector<Real> state(optimizer->arrays().size() * flat.values.size());
      for (std::size_t i = 0; i < record["gradients"].size(); ++i) {
        flat.set(flat.gradients, record["gradients"][i], 1 / clip);
        optimizer->step(flat.weights(), state, {record["factors"][i], clip, static_cast<std::int64_t>(i) + 1},
                        Evaluate{});
        if (i == 0) flat.check(c["after_first"]);
      }
      flat.check(c["after_last"]);
    }
  }
}

TEST_CASE("frozen segments keep their weights and their state, the others move as before") {
  const auto record = reference::read("optimizers");
  for (const Entry* entry : optimizers.entries) {
    CAPTURE(std::string(entry->name));
    const auto optimizer = reference::made<Optimizer>(optimizers, entry->example);
    for (std::size_t frozen = 0; frozen < 3; ++frozen) {
      Flat all(record), some(record);
      some.segments[frozen].frozen = true;
      all.set(all.gradients, record["gradients"][1], 1);
      some.gradients = all.gradients;
      const std::size_t arrays = optimizer->arrays().size();
      std::vector<Real> state(arrays * all.values.size()), state_of_some = state;
      const auto before = some.values;
      optimizer->step(all.weights(), state, {}, Evaluate{});
      optimizer->step(some.weights(), state_of_some, {}, Evaluate{});
      for (std::size_t k = 0; k < 3; ++k) {
        const Segment& s = all.segments[k];
        for (std::size_t i = s.begin; i < s.begin + s.size(); ++i) {
          CHECK(some.values[i] == (k == frozen ? before[i] : all.values[i]));
          CHECK(all.values[i] != before[i]);
          for (std::size_t a = 0; a < arrays; ++a) {
            const std::size_t at = a * all.values.size() + i;
            CHECK(state_of_some[at] == (k == frozen ? 0 : state[at]));
          }
        }
      }
    }
  }
}
