#include <cmath>

#include "schedules/schedule.hpp"
#include "spec/table.hpp"

namespace bpnet::schedule_entries {

namespace {
/// Vaswani et al. 2017, where time is as long as the warm-up.
struct InverseSqrt final : Schedule {
  Length time{1, Length::Unit::epochs};

  void visit(Visitor& v) override {
    v("time", time, "t of sqrt(t / (t + steps done)), after 3 t it has halved: epochs, steps or %");
  }

 protected:
  double shape(const Progress& at) const override {
    const auto t = static_cast<double>(interval_of("time", time, at));
    return std::sqrt(t / (t + static_cast<double>(at.step)));
  }
};
}  // namespace

extern const Entry inverse_sqrt = {"inverse_sqrt",
                                   "falls with the square root of the steps, without looking at the end",
                                   "InverseSqrt inverse_square_root noam rsqrt InverseTimeDecay invscaling",
                                   "inverse_sqrt: {time: 10 epochs, warmup: 10 epochs}",
                                   "",
                                   make<InverseSqrt>};

}  // namespace bpnet::schedule_entries
