#include "tasks/step_runs.hpp"

#include <algorithm>
#include <bit>

namespace bpnet {

StepRuns::StepRuns(Network& network, std::span<const InputPort> inputs) : network_(network) {
  for (const InputPort& input : inputs) {
    const auto time = static_cast<std::size_t>(input.port.time);
    if (time == 0) continue;
    longest_.resize(std::max(longest_.size(), time), 1);
    longest_[time - 1] = input.longest;
  }
}

/// A multiple of 8 as long as the padding that it saves is worth a run of its own; else, and where there are
/// several axes, whose lengths combine, a power of two.
int StepRuns::rounded(int steps, int longest) const {
  constexpr int few = 256;
  const bool fine = longest_.size() == 1 && steps <= few;
  const int up =
      fine ? (steps + 7) / 8 * 8 : static_cast<int>(std::bit_ceil(static_cast<unsigned>(std::max(8, steps))));
  return std::min(up, longest);
}

Extent StepRuns::extent(const Rows& rows, std::span<const std::int64_t> batch) {
  Extent out{static_cast<int>(batch.size())};
  lengths_.resize(std::max(lengths_.size(), batch.size()));
  const auto lengths = std::span(lengths_).first(batch.size());
  for (std::size_t axis = 0; axis < longest_.size(); ++axis) {
    rows.lengths(static_cast<int>(axis) + 1, batch, lengths);
    out.steps[axis] = rounded(*std::max_element(lengths.begin(), lengths.end()), longest_[axis]);
  }
  return out;
}

void StepRuns::set_lengths(const Rows& rows, std::span<const std::int64_t> batch, Run& run) {
  for (std::size_t axis = 0; axis < longest_.size(); ++axis) {
    const int time = static_cast<int>(axis) + 1;
    rows.lengths(time, batch, run.lengths(time));
  }
}

Run& StepRuns::of(const Rows& rows, std::span<const std::int64_t> batch, Mode mode) {
  Run& run = network_.run(extent(rows, batch), mode);
  set_lengths(rows, batch, run);
  return run;
}

}  // namespace bpnet
