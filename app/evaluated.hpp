#pragma once
// What `eval` found, as text for a reader and as JSON.

#include <string>

#include "report/assessment.hpp"

namespace bpnet::app {

struct Evaluated {
  std::string run;
  bool newest = false;     // taken because none was named
  std::string data, part;  // file; train, validation, test, all
  std::int64_t linear_rows = 0, training_rows = 0;
  std::string no_linear;  // why there is no linear model
  Assessment assessment;
  std::vector<std::string> drawn;  // pictures in the run's folder
};

/// For 80 columns: scores beside the baselines; for each target where it goes wrong.
std::string evaluated_text(const Evaluated& evaluated);
/// One line.
std::string evaluated_json(const Evaluated& evaluated);

}  // namespace bpnet::app
