#pragma once
// Which of a network's runs serves a batch of sequences: one for each length, rounded up so that there are
// few.

#include <span>
#include <vector>

#include "data/dataset.hpp"
#include "model/network.hpp"

namespace bpnet {

class StepRuns {
 public:
  StepRuns(Network& network, std::span<const InputPort> inputs);
  /// The run that is as long as the longest of these rows, with their lengths.
  Run& of(const Rows& rows, std::span<const std::int64_t> batch, Mode mode);
  Extent extent(const Rows& rows, std::span<const std::int64_t> batch);
  void set_lengths(const Rows& rows, std::span<const std::int64_t> batch, Run& run);

 private:
  int rounded(int steps, int longest) const;
  Network& network_;
  std::vector<int> longest_;  // by time axis
  std::vector<int> lengths_;  // of a batch
};

}  // namespace bpnet
