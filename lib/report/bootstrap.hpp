#pragma once
// Intervals by drawing rows again.

#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "metrics/metric.hpp"

namespace bpnet {

/// 95 % interval of a metric whose value on all `rows` is `value`, from a sample of them (which may be all):
/// the percentile bootstrap (Efron 1979) from a fixed seed, with fewer draws the more rows there are. Where
/// the sample is smaller than `rows`, the distances shrink with the root of the ratio (m out of n bootstrap:
/// Bickel, Goetze, van Zwet 1997). None for fewer than 10 rows or where the metric is mostly not defined.
/// `tally` is used up.
std::optional<std::pair<double, double>> bootstrap(const Judged& sample, std::int64_t rows, double value,
                                                   Tally& tally);

/// The same of samples that are judged together each, such as the steps of a text: a tally of each.
std::optional<std::pair<double, double>> bootstrap(std::span<const std::unique_ptr<Tally>> samples,
                                                   std::int64_t rows, double value, Tally& tally);

}  // namespace bpnet
