#include <cmath>
#include <numbers>

#include "schedules/schedule.hpp"
#include "spec/table.hpp"

namespace bpnet::schedule_entries {

namespace {
/// SGDR: Loshchilov and Hutter 2016.
struct CosineRestarts final : Schedule {
  Length first{10, Length::Unit::epochs};
  double growth = 2;
  double min = 0;

  void visit(Visitor& v) override {
    v("first", first, "time until the first restart: epochs, steps or %");
    v("growth", growth, at_least(1), "how many times longer each time is than the one before");
    v("min", min, between(0, 1), "where it falls to before a restart, as a share of the learning rate");
  }

 protected:
  double shape(const Progress& at) const override {
    double done = static_cast<double>(at.step);
    auto time = static_cast<double>(interval_of("first", first, at));
    if (growth == 1) done = std::fmod(done, time);
    while (done >= time) {
      done -= time;
      time *= growth;
    }
    return min + (1 - min) * (1 + std::cos(std::numbers::pi * done / time)) / 2;
  }
};
}  // namespace

extern const Entry cosine_restarts = {
    "cosine_restarts",
    "falls along half a cosine, jumps back up, and again for longer",
    "CosineAnnealingWarmRestarts SGDR warm_restarts CosineDecayRestarts cosine_with_restarts sgdr_schedule",
    "cosine_restarts: {first: 5 epochs, growth: 2}",
    "",
    make<CosineRestarts>};

}  // namespace bpnet::schedule_entries
