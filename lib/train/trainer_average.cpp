// The average of the weights and of the running statistics beside them.

#include <algorithm>

#include "math/update.hpp"
#include "train/trainer.hpp"

namespace bpnet {

namespace {

struct Follow {
  Real share;
  void operator()(Real& average, Real w, Real (&)[1]) const { average += share * (w - average); }
};

void follow(std::vector<Real>& average, std::span<const Real> values, double share) {
  if (share == 1)
    std::copy(values.begin(), values.end(), average.begin());
  else
    math::update<0>(Follow{static_cast<Real>(share)}, average.data(), values.data(), {}, average.size());
}

}  // namespace

void Trainer::follow_average() {
  const double share = average_->share(progress());
  if (share == 0) return;
  follow(average_values_, learner_.network().weights().values, share);
  follow(average_buffers_, learner_.network().buffer_values(), share);
}

// Twice makes everything as it was.
void Trainer::swap_average() {
  if (!average_) return;
  std::ranges::swap_ranges(average_values_, learner_.network().weights().values);
  std::ranges::swap_ranges(average_buffers_, learner_.network().buffer_values());
}

}  // namespace bpnet
