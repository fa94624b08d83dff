#include "schedules/schedule.hpp"
#include "spec/table.hpp"

namespace bpnet::schedule_entries {

namespace {
struct MultiStep final : Schedule {
  std::vector<Length> at;
  double drop = 0.1;

  void visit(Visitor& v) override {
    v.lengths({.name = "at", .help = "where it drops: epochs, steps or %", .bare = true}, at);
    v("factor", drop, above(0), "what the learning rate is multiplied by at each drop");
  }

 protected:
  double shape(const Progress& now) const override {
    if (at.empty())
      throw Error(Fault::configuration, "multi_step needs to know where it drops",
                  {"say multi_step: [30 epochs, 60 epochs], for example"});
    double height = 1;
    for (const Length& place : at)
      if (now.step >= steps_of(place, now)) height *= drop;
    return height;
  }
};
}  // namespace

extern const Entry multi_step = {
    "multi_step",
    "drops at given epochs or steps",
    "MultiStepLR PiecewiseConstantDecay piecewise_constant piecewise_constant_schedule",
    "multi_step: {at: [30 epochs, 60 epochs, 80 epochs], factor: 0.2}",
    "",
    make<MultiStep>};

}  // namespace bpnet::schedule_entries
