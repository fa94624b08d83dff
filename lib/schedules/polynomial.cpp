#include <algorithm>
#include <cmath>

#include "schedules/schedule.hpp"
#include "spec/table.hpp"

namespace bpnet::schedule_entries {

namespace {
struct Polynomial final : Schedule {
  double power = 1;
  double min = 0;

  void visit(Visitor& v) override {
    v("power", power, above(0), "of the share of the training that is left; 1 is a straight line");
    v("min", min, between(0, 1), "where it ends, as a share of the learning rate");
  }

 protected:
  double shape(const Progress& at) const override {
    const double left = std::max(0.0, 1 - static_cast<double>(at.step) / static_cast<double>(at.steps));
    return min + (1 - min) * std::pow(left, power);
  }
};
}  // namespace

extern const Entry polynomial = {
    "polynomial",
    "falls in a straight line, or along a power, until the end of training",
    "PolynomialLR LinearLR linear PolynomialDecay linear_decay poly linear_schedule polynomial_schedule",
    "polynomial: {power: 2, warmup: 5%}",
    "",
    make<Polynomial>};

}  // namespace bpnet::schedule_entries
