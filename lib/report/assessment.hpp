#pragma once
// How good a model is on some rows: loss, metrics, an interval for the main one, what guessing reaches,
// confusions.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "metrics/confusion.hpp"
#include "tasks/task.hpp"

namespace bpnet {

struct Assessment {
  std::int64_t rows = 0;
  double loss = 0;
  std::vector<std::pair<std::string, double>> metrics;  // the main one first
  std::optional<std::pair<double, double>> interval;    // 95 %, of the main metric, by bootstrap over rows
  double guess = 0;                                     // the main metric of guessing without features
  std::string guess_name;                               // "majority class" or "mean"
  std::vector<std::optional<Confusion>> confusions;     // per target; none for numbers
};

/// Guessing answers with the class shares or the mean of the training rows. The interval resamples rows 1,000
/// times (Efron 1979) from a fixed seed; it is left out where there are too few rows (under 10) or too many
/// (over 100,000).
Assessment assess(Learner& learner, const Rows& rows, std::span<const std::int64_t> which);

}  // namespace bpnet
