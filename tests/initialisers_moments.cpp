#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "initialisers/initialiser.hpp"
#include "math/threads.hpp"
#include "reference/read.hpp"

using namespace bpnet;

namespace {

constexpr int in = 300, out = 100;

std::vector<Real> filled(const std::string& yaml, const Shape& shape, std::uint64_t seed = 1) {
  std::vector<Real> values(shape.elements(), std::numeric_limits<Real>::quiet_NaN());
  const int columns = shape.axes() ? shape[-1] : 1;
  reference::made<Initialiser>(initialisers, yaml)
      ->fill(values, shape, static_cast<int>(shape.elements()) / columns, columns,
             Draw::of(seed, stream_of("initialisers")));
  return values;
}

/// Mean, variance and the fourth moment over the squared variance (normal: 3, uniform: 1.8).
struct Moments {
  explicit Moments(const std::vector<Real>& values) {
    const auto n = static_cast<double>(values.size());
    for (Real x : values) mean += x / n;
    double fourth = 0;
    for (Real x : values) {
      variance += (x - mean) * (x - mean) / n;
      fourth += std::pow(x - mean, 4) / n;
    }
    kurtosis = fourth / (variance * variance);
  }
  double mean = 0, variance = 0, kurtosis = 0;
};

}  // namespace

TEST_CASE("random initialisers have the variance and the law they name") {
  const std::vector<std::tuple<const char*, double, double>> rules = {
      {"glorot_uniform", 2.0 / (in + out), 1.8},
      {"glorot_normal", 2.0 / (in + out), 3},
      {"he_uniform", 2.0 / in, 1.8},
      {"he_normal", 2.0 / in, 3},
      {"lecun_uniform", 1.0 / in, 1.8},
      {"lecun_normal", 1.0 / in, 3},
      {"normal", 0.05 * 0.05, 3},
      {"normal: 2", 4, 3},
      {"uniform", 0.05 * 0.05 / 3, 1.8},
      {"uniform: 3", 3, 1.8},
  };
  for (const auto& [name, variance, kurtosis] : rules) {
    CAPTURE(name);
    const Moments m(filled(name, {in, out}));
    CHECK(std::abs(m.mean) < 4 * std::sqrt(variance / (in * out)));
    CHECK(m.variance == doctest::Approx(variance).epsilon(0.03));
    CHECK(m.kurtosis == doctest::Approx(kurtosis).epsilon(0.05));
  }
}

TEST_CASE("uniform stays within its range and reaches towards both ends") {
  const auto values = filled("uniform: 0.5", {in, out});
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  CHECK(*low > Real(-0.5));
  CHECK(*high < Real(0.5));
  CHECK(*low < Real(-0.499));
  CHECK(*high > Real(0.499));
}

TEST_CASE("orthogonal matrices are orthonormal along their shorter side, up to the gain") {
  for (const auto& [shape, gain] : {std::pair{Shape{7, 7}, 1.0},
                                    {Shape{31, 8}, 1.0},
                                    {Shape{5, 40}, 1.5},
                                    {Shape{3, 3, 2, 10}, 2.0},
                                    {Shape{9}, 1.0},
                                    {Shape{200, 200}, 1.0}}) {
    CAPTURE(shape.text());
    std::string yaml = "orthogonal: ";
    yaml += std::to_string(gain);
    const auto q = filled(yaml, shape);
    const auto columns = static_cast<std::size_t>(shape[-1]), rows = q.size() / columns;
    const bool wide = rows <= columns;
    const std::size_t count = std::min(rows, columns), length = std::max(rows, columns);
    double worst = 0;
    for (std::size_t a = 0; a < count; ++a)
      for (std::size_t b = 0; b <= a; ++b) {
        double dot = 0;
        for (std::size_t i = 0; i < length; ++i)
          dot += static_cast<double>(wide ? q[a * columns + i] : q[i * columns + a]) *
                 static_cast<double>(wide ? q[b * columns + i] : q[i * columns + b]);
        worst = std::max(worst, std::abs(dot - (a == b ? gain * gain : 0)));
      }
    CHECK(worst < (sizeof(Real) == 4 ? 1e-6 : 1e-11));
  }
}

TEST_CASE("constant initialisers are what they say") {
  for (Real x : filled("zeros", {3, 5})) CHECK(x == 0);
  for (Real x : filled("ones", {3, 5})) CHECK(x == 1);
  for (Real x : filled("constant: -0.25", {3, 5})) CHECK(x == Real(-0.25));
}

TEST_CASE("values depend on the draw alone: not on threads, not on how many are asked for") {
  for (const Entry* entry : initialisers.entries) {
    CAPTURE(std::string(entry->name));
    const Shape shape = {300, 170};
    const auto once = filled(entry->example, shape);
    math::set_threads(3);
    const auto again = filled(entry->example, shape);
    math::set_threads(1);
    CHECK(once == again);
    if (std::string(entry->name) == "dirac") continue;  // neither random nor all the same
    const bool random = filled(entry->example, shape, 2) != once;
    CHECK(random == (std::adjacent_find(once.begin(), once.end(), std::not_equal_to<>()) != once.end()));
  }
  const auto whole = filled("normal", {1001}), part = filled("normal", {6});
  CHECK(std::equal(part.begin(), part.end(), whole.begin()));
}
