#include "report/bootstrap.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "core/random.hpp"

namespace bpnet {

namespace {

constexpr std::size_t least_rows = 10;
constexpr std::size_t most_draws = 1000, least_draws = 200, row_draws = 4'000'000;

using Drawn = std::vector<std::uint32_t>;  // how often each row is drawn

/// `value_of`: the metric's, of rows as often as they are drawn.
std::optional<std::pair<double, double>> interval(std::size_t n, std::int64_t rows, double value,
                                                  const std::function<double(const Drawn&)>& value_of) {
  if (n < least_rows || !std::isfinite(value)) return std::nullopt;
  const Draw draw = Draw::of(0, stream_of("bootstrap"));
  const std::size_t draws = std::clamp(row_draws / n, least_draws, most_draws);
  std::vector<double> values;
  for (std::size_t b = 0; b < draws; ++b) {
    Drawn times(n);
    for (std::size_t i = 0; i < n; ++i) ++times[draw.index(b, i * 4, n)];
    if (const double found = value_of(times); std::isfinite(found)) values.push_back(found);
  }
  if (values.size() < draws / 2) return std::nullopt;
  std::sort(values.begin(), values.end());
  const auto at = [&](double share) {
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5)];
  };
  const std::pair<double, double> found = {at(0.025), at(0.975)};
  if (static_cast<std::int64_t>(n) == rows) return found;
  const double middle = value_of(Drawn(n, 1)),
               ratio = std::sqrt(static_cast<double>(n) / static_cast<double>(rows));
  return std::pair{value + (found.first - middle) * ratio, value + (found.second - middle) * ratio};
}

}  // namespace

std::optional<std::pair<double, double>> bootstrap(const Judged& sample, std::int64_t rows, double value,
                                                   Tally& tally) {
  const auto n = static_cast<std::size_t>(sample.rows);
  std::vector<Real> weights(n);
  Judged drawn = sample;
  drawn.weights = weights;
  return interval(n, rows, value, [&](const Drawn& times) {
    for (std::size_t i = 0; i < n; ++i)
      weights[i] = static_cast<Real>(times[i]) * (sample.weights.empty() ? Real(1) : sample.weights[i]);
    tally.clear();
    tally.add(drawn);
    return tally.value();
  });
}

std::optional<std::pair<double, double>> bootstrap(std::span<const std::unique_ptr<Tally>> samples,
                                                   std::int64_t rows, double value, Tally& tally) {
  return interval(samples.size(), rows, value, [&](const Drawn& times) {
    tally.clear();
    for (std::size_t i = 0; i < samples.size(); ++i)
      for (std::uint32_t k = 0; k < times[i]; ++k) tally.merge(*samples[i]);
    return tally.value();
  });
}

}  // namespace bpnet
