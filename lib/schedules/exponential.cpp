#include <cmath>

#include "schedules/schedule.hpp"
#include "spec/table.hpp"

namespace bpnet::schedule_entries {

namespace {
struct Exponential final : Schedule {
  double drop = 0.95;

  void visit(Visitor& v) override {
    v("factor", drop, above(0), "what the learning rate is multiplied by after each epoch");
  }

 protected:
  double shape(const Progress& at) const override {
    return std::pow(drop, static_cast<double>(at.step / at.steps_per_epoch));
  }
};
}  // namespace

extern const Entry exponential = {
    "exponential",
    "falls by the same factor after each epoch",
    "ExponentialLR exponential_decay ExponentialDecay decay gamma MultiplicativeLR",
    "exponential: 0.98",
    "",
    make<Exponential>};

}  // namespace bpnet::schedule_entries
