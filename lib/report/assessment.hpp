#pragma once
// How good a model is on some rows, told honestly: beside guessing and a linear model, with an interval, and
// where it goes wrong.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "metrics/calibration.hpp"
#include "metrics/confusion.hpp"
#include "report/residuals.hpp"
#include "tasks/task.hpp"

namespace bpnet {

/// A row the model is far off on.
struct WorstRow {
  std::int64_t row = 0;
  Place place;
  double loss = 0;
  std::int32_t actual = 0, named = 0;             // classes
  double probability = 0, probability_named = 0;  // given to the actual class, and to the named one
  double truth = 0, answer = 0;                   // numbers
};

struct TargetAssessment {
  TargetKind target;
  std::optional<std::size_t> main;                    // its main metric
  std::optional<std::pair<double, double>> interval;  // 95 %, of the main metric
  std::optional<Confusion> confusion;                 // classes
  Calibration calibration{10};                        // classes
  std::vector<ResidualGroup> residuals;               // numbers
  std::vector<WorstRow> worst;                        // at most 10, the worst first
  std::vector<WorstRow> mistakes;  // of classes: taken for another, at most 36, without places
};

struct Assessment {
  std::int64_t rows = 0, scored = 0;  // scored: those with a target that the model knows
  bool weighted = false;              // rows count by a column of weights
  double loss = 0;
  std::vector<std::string> metrics;  // names, the main one first
  std::vector<double> values;        // of the metrics
  std::vector<double> guess;         // the same of guessing: class shares or the mean of the training rows
  bool of_steps = false;             // what is judged are steps of the rows, each with an answer
  std::int64_t sources = 0;          // different texts that others are told of; 0: no metric judges texts
  int season = 0;                    // of forecasts: of the seasonal naive one; else 0
  std::vector<double> naive;         // the same of that forecast
  struct Linear {
    double loss = 0;
    std::vector<double> values;
  };
  std::optional<Linear> linear;
  std::vector<TargetAssessment> targets;
  std::size_t kept_every = 1;  // residuals are of every n-th row
};

/// Goes through the rows once per model. Keeps of large data every n-th row only, up to 20,000, for intervals
/// and residuals, so memory does not grow with the rows (but for metrics that rank them). `linear` may be
/// null.
Assessment assess(Learner& learner, Learner* linear, const Rows& rows, std::span<const std::int64_t> which);

}  // namespace bpnet
