#include <cmath>

#include "schedules/schedule.hpp"
#include "spec/table.hpp"

namespace bpnet::schedule_entries {

namespace {
struct Step final : Schedule {
  Length every{30, Length::Unit::epochs};
  double drop = 0.1;

  void visit(Visitor& v) override {
    v("every", every, "time between two drops: epochs, steps or %");
    v("factor", drop, above(0), "what the learning rate is multiplied by at each drop");
  }

 protected:
  double shape(const Progress& at) const override {
    const std::int64_t drops = at.step / interval_of("every", every, at);
    return std::pow(drop, static_cast<double>(drops));
  }
};
}  // namespace

extern const Entry step = {"step",
                           "drops at equal intervals",
                           "StepLR step_decay StepDecay piecewise staircase",
                           "step: {every: 10 epochs, factor: 0.5}",
                           "",
                           make<Step>};

}  // namespace bpnet::schedule_entries
