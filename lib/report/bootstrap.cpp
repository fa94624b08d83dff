#include "report/bootstrap.hpp"

#include <algorithm>
#include <cmath>

#include "core/random.hpp"

namespace bpnet {

namespace {
constexpr std::size_t least_rows = 10;
constexpr std::size_t most_draws = 1000, least_draws = 200, row_draws = 4'000'000;
}  // namespace

std::optional<std::pair<double, double>> bootstrap(const Judged& sample, std::int64_t rows, double value,
                                                   Tally& tally) {
  const auto n = static_cast<std::size_t>(sample.rows);
  if (n < least_rows || !std::isfinite(value)) return std::nullopt;
  const Draw draw = Draw::of(0, stream_of("bootstrap"));
  const std::size_t draws = std::clamp(row_draws / n, least_draws, most_draws);
  std::vector<Real> weights(n);
  Judged drawn = sample;
  drawn.weights = weights;
  std::vector<double> values;
  for (std::size_t b = 0; b < draws; ++b) {
    std::fill(weights.begin(), weights.end(), Real(0));
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t j = draw.index(b, i * 4, n);
      weights[j] += sample.weights.empty() ? Real(1) : sample.weights[j];
    }
    tally.clear();
    tally.add(drawn);
    if (const double found = tally.value(); std::isfinite(found)) values.push_back(found);
  }
  if (values.size() < draws / 2) return std::nullopt;
  std::sort(values.begin(), values.end());
  const auto at = [&](double share) {
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5)];
  };
  const std::pair<double, double> found = {at(0.025), at(0.975)};
  if (static_cast<std::int64_t>(n) == rows) return found;
  tally.clear();
  tally.add(sample);
  const double middle = tally.value(), ratio = std::sqrt(static_cast<double>(n) / static_cast<double>(rows));
  return std::pair{value + (found.first - middle) * ratio, value + (found.second - middle) * ratio};
}

}  // namespace bpnet
