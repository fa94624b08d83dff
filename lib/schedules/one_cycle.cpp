#include <algorithm>
#include <cmath>
#include <numbers>

#include "schedules/schedule.hpp"
#include "spec/table.hpp"

namespace bpnet::schedule_entries {

namespace {

double cosine_between(double from, double to, double done) {
  return to + (from - to) * (1 + std::cos(std::numbers::pi * done)) / 2;
}

/// Smith and Topin 2017 in the form of PyTorch's OneCycleLR with cosines; the learning rate is the peak.
struct OneCycle final : Schedule {
  double rise = 0.3, start = 0.04, end = 4e-6;

  void visit(Visitor& v) override {
    v("rise", rise, share_below_one(), "share of the training until the peak, which is the learning rate");
    v("start", start, between(0, 1), "where it starts, as a share of the learning rate");
    v("end", end, between(0, 1), "where it ends, as a share of the learning rate");
  }

 protected:
  double shape(const Progress& at) const override {
    const auto step = static_cast<double>(at.step), steps = static_cast<double>(at.steps);
    const double peak = std::max(0.0, rise * steps - 1), last = std::max(peak + 1, steps - 1);
    if (step < peak) return cosine_between(start, 1, step / peak);
    return cosine_between(1, end, std::min(1.0, (step - peak) / (last - peak)));
  }
};

}  // namespace

extern const Entry one_cycle = {
    "one_cycle",
    "rises to the learning rate, then falls to almost nothing, along cosines",
    "OneCycleLR 1cycle onecycle superconvergence CyclicLR cosine_onecycle_schedule",
    "one_cycle: {rise: 0.25}",
    "",
    make<OneCycle>};

}  // namespace bpnet::schedule_entries
