#include <algorithm>
#include <cassert>
#include <cmath>

#include "schedules/schedule.hpp"
#include "spec/table.hpp"

namespace bpnet::schedule_entries {

namespace {

/// Equals PyTorch's ReduceLROnPlateau; its relative threshold is taken of the best value's size, so that it
/// also serves values below zero.
struct Plateau final : Schedule {
  double drop = 0.1;
  Length patience{10, Length::Unit::epochs};
  double threshold = 1e-4;
  double min = 0;

  void visit(Visitor& v) override {
    v("factor", drop, inside_unit(), "what the learning rate is multiplied by when nothing got better");
    v.length(
        {.name = "patience", .help = "how long nothing may get better: epochs, steps or %", .bare = true},
        patience);
    v("threshold", threshold, at_least(0), "relative change that counts as better");
    v("min", min, between(0, 1), "where it ends, as a share of the learning rate");
  }
  void observe(double value, bool higher_is_better, const Progress& at) override {
    const double margin = threshold * std::abs(best_);
    const bool better = !any_ || (higher_is_better ? value > best_ + margin : value < best_ - margin);
    const auto now = static_cast<double>(at.step);
    if (better && !std::isnan(value)) {
      best_ = value;
      any_ = true;
      since_ = now;
      return;
    }
    if (now - since_ <= static_cast<double>(steps_of(patience, at))) return;
    height_ = std::max(height_ * drop, min);
    since_ = now;
  }
  std::vector<double> state() const override { return {height_, best_, any_ ? 1.0 : 0.0, since_}; }
  void restore(const std::vector<double>& state) override {
    assert(state.size() == 4);
    height_ = state[0];
    best_ = state[1];
    any_ = state[2] != 0;
    since_ = state[3];
  }

 protected:
  double shape(const Progress& at) const override {
    steps_of(patience, at);  // refuses seconds
    return height_;
  }

 private:
  double height_ = 1, best_ = 0;
  double since_ = 0;  // step of the best evaluation, or of the last drop
  bool any_ = false;
};

}  // namespace

extern const Entry plateau = {"plateau",
                              "drops when the watched value has not got better for a while",
                              "ReduceLROnPlateau reduce_on_plateau adaptive",
                              "plateau: {factor: 0.5, patience: 5 epochs}",
                              "",
                              make<Plateau>};

}  // namespace bpnet::schedule_entries
