#include <doctest/doctest.h>

#include <cmath>

#include "reference/read.hpp"
#include "report/bootstrap.hpp"
#include "report/residuals.hpp"

using namespace bpnet;

namespace {
struct Numbers {
  std::vector<Real> answers, values;
  explicit Numbers(int n) {
    for (int i = 0; i < n; ++i) {
      values.push_back(static_cast<Real>(i % 7));
      answers.push_back(static_cast<Real>(i % 7 + (i % 3 - 1)));
    }
  }
  Judged judged() const { return {static_cast<int>(values.size()), 1, answers, {}, values, {}}; }
};

double value_of(const Metric& metric, const Judged& rows) {
  const auto tally = metric.tally(reference::target("number"));
  tally->add(rows);
  return tally->value();
}
}  // namespace

TEST_CASE("the bootstrap draws the same interval each time, about the deviation of a mean wide") {
  const Numbers rows(300);
  const auto mae = reference::made<Metric>(metrics, "mae");
  const double value = value_of(*mae, rows.judged());
  const auto interval = [&](std::int64_t of) {
    return bootstrap(rows.judged(), of, value, *mae->tally(reference::target("number")));
  };
  const auto first = interval(300);
  REQUIRE(first);
  CHECK(interval(300) == first);
  CHECK(first->first < value);
  CHECK(value < first->second);
  // Absolute errors are 1 in two rows of three: a deviation of sqrt(2 / 9 / 300).
  CHECK(first->second - first->first == doctest::Approx(2 * 1.96 * std::sqrt(2.0 / 9 / 300)).epsilon(0.1));

  const auto of_more = interval(1200);  // a sample of a fourth of the rows
  REQUIRE(of_more);
  CHECK(of_more->second - of_more->first == doctest::Approx((first->second - first->first) / 2));
}

TEST_CASE("there is no interval of few rows, or where the metric is not defined") {
  const auto r2 = reference::made<Metric>(metrics, "r2");
  const auto tally = r2->tally(reference::target("number"));
  CHECK(!bootstrap(Numbers(9).judged(), 9, 0.5, *tally));
  CHECK(!bootstrap(Numbers(50).judged(), 50, std::nan(""), *tally));
  CHECK(bootstrap(Numbers(10).judged(), 10, 0.5, *tally));
}

TEST_CASE("samples of one row each have the interval of the rows, and those of rows alike a wider one") {
  const Numbers rows(300);
  const Judged all = rows.judged();
  const auto mae = reference::made<Metric>(metrics, "mae");
  const auto interval = [&](std::size_t together) {
    std::vector<std::unique_ptr<Tally>> samples;
    for (std::size_t i = 0; i < 300; i += together) {
      Judged first = all;
      first.rows = 1;
      first.answers = all.answers.subspan(i, 1);
      first.values = all.values.subspan(i, 1);
      samples.push_back(mae->tally(reference::target("number")));
      for (std::size_t k = 0; k < together; ++k) samples.back()->add(first);
    }
    const double value = 2.0 / 3;
    const auto found = bootstrap(samples, static_cast<std::int64_t>(samples.size()), value,
                                 *mae->tally(reference::target("number")));
    REQUIRE(found);
    return *found;
  };
  const auto by_rows = bootstrap(all, 300, 2.0 / 3, *mae->tally(reference::target("number")));
  REQUIRE(by_rows);
  const auto single = interval(1), tens = interval(10);
  CHECK(single.first == doctest::Approx(by_rows->first));
  CHECK(single.second == doctest::Approx(by_rows->second));
  CHECK(tens.second - tens.first > 2 * (single.second - single.first));
}

TEST_CASE("row weights count in the bootstrap") {
  Numbers rows(40);
  std::vector<Real> weights(40, Real(0));
  for (std::size_t i = 0; i < weights.size(); i += 3) weights[i] = 2;  // rows that are off by one
  Judged judged = rows.judged();
  judged.weights = weights;
  const auto mae = reference::made<Metric>(metrics, "mae");
  const auto interval = bootstrap(judged, 40, 1, *mae->tally(reference::target("number")));
  REQUIRE(interval);
  CHECK(interval->first == 1);
  CHECK(interval->second == 1);
}

TEST_CASE("residuals come in tenths by the answer") {
  std::vector<Answered> rows;
  for (int i = 0; i < 45; ++i) rows.push_back({static_cast<double>((i * 7) % 45), 10});
  const auto groups = residual_groups(rows);
  REQUIRE(groups.size() == 10);
  double count = 0;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    count += groups[g].rows;
    CHECK(groups[g].least <= groups[g].answer);
    CHECK(groups[g].answer <= groups[g].most);
    if (g > 0) CHECK(groups[g - 1].most < groups[g].least);
    CHECK(groups[g].mean == doctest::Approx(10 - groups[g].answer));
    CHECK(groups[g].mean_size >= std::abs(groups[g].mean) - 1e-12);
  }
  CHECK(count == 45);
  CHECK(groups[0].rows == 4);
  CHECK(groups[0].least == 0);
  CHECK(groups[9].most == 44);
  CHECK(residual_groups(std::span(rows).first(19)).empty());
  for (Answered& row : rows) row.weight = row.answer < 4 ? 3 : 1;
  CHECK(residual_groups(rows)[0].rows == 12);
}
