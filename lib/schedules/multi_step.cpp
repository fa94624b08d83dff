#include <cmath>

#include "schedules/schedule.hpp"
#include "spec/table.hpp"

namespace bpnet::schedule_entries {

namespace {
struct MultiStep final : Schedule {
  std::vector<std::int64_t> epochs;
  double drop = 0.1;

  void visit(Visitor& v) override {
    v("epochs", epochs, at_least(1), "epochs after which it drops");
    v("factor", drop, above(0), "what the learning rate is multiplied by at each drop");
  }

 protected:
  double shape(const Progress& at) const override {
    if (epochs.empty())
      throw Error(Fault::configuration, "multi_step needs the epochs after which it drops",
                  {"say multi_step: [30, 60, 80], for example"});
    double height = 1;
    for (const std::int64_t epoch : epochs)
      if (at.step >= epoch * at.steps_per_epoch) height *= drop;
    return height;
  }
};
}  // namespace

extern const Entry multi_step = {"multi_step",
                                 "drops after given epochs",
                                 "MultiStepLR milestones piecewise_constant",
                                 "multi_step: {epochs: [30, 60, 80], factor: 0.2}",
                                 "",
                                 make<MultiStep>};

}  // namespace bpnet::schedule_entries
