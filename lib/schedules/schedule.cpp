#include "schedules/schedule.hpp"

#include <algorithm>
#include <cmath>

namespace bpnet {

void Schedule::visit_common(Visitor& v) {
  v("warmup", warmup, "rise from 0 in a straight line in front of the schedule: epochs, steps or %");
}

double Schedule::factor(const Progress& at) const {
  const std::int64_t rise = steps_of(warmup, at);
  const Progress after = {at.step - rise, std::max<std::int64_t>(1, at.steps - rise), at.steps_per_epoch};
  if (after.step >= 0) return shape(after);
  // The first step already moves, and the first one after the rise is the first at full height.
  return static_cast<double>(at.step + 1) / static_cast<double>(rise + 1) *
         shape({0, after.steps, at.steps_per_epoch});
}

std::int64_t steps_of(const Length& length, const Progress& at) {
  double steps = length.value;
  switch (length.unit) {
    case Length::Unit::epochs:
      steps *= static_cast<double>(at.steps_per_epoch);
      break;
    case Length::Unit::percent:
      steps *= static_cast<double>(at.steps) / 100;
      break;
    case Length::Unit::steps:
      break;
    case Length::Unit::seconds:
      throw Error(Fault::configuration,
                  "schedules and averages are told in epochs, steps or %, not in seconds",
                  {"the same settings would give other weights on a faster machine"});
  }
  return std::max<std::int64_t>(0, std::llround(steps));
}

std::int64_t interval_of(const char* option, const Length& length, const Progress& at) {
  if (length.value <= 0)
    throw Error(Fault::configuration, std::string(option) + " must be more than 0",
                {"say 1 epoch, for example"});
  return std::max<std::int64_t>(1, steps_of(length, at));
}

}  // namespace bpnet
