#pragma once
// Where on the scale of its answers a regression is off.

#include <span>
#include <vector>

namespace bpnet {

struct Answered {
  double answer, truth, weight = 1;
};

/// A tenth of the rows, by their answers.
struct ResidualGroup {
  double rows = 0;                 // sum of their weights
  double least = 0, most = 0;      // answers
  double answer = 0, truth = 0;    // means
  double mean = 0, mean_size = 0;  // of truth - answer, and of its absolute value
};

/// Ten groups of as many rows each, or one less; none for fewer than 20 rows. Orders `rows`.
std::vector<ResidualGroup> residual_groups(std::span<Answered> rows);

}  // namespace bpnet
