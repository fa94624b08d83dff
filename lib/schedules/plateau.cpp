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
  std::int64_t patience = 10;
  double threshold = 1e-4;
  double min = 0;

  void visit(Visitor& v) override {
    v("factor", drop, inside_unit(), "what the learning rate is multiplied by when nothing got better");
    v("patience", patience, at_least(0), "evaluations in a row that may pass without getting better");
    v("threshold", threshold, at_least(0), "relative change that counts as better");
    v("min", min, between(0, 1), "where it ends, as a share of the learning rate");
  }
  void observe(double value, bool higher_is_better) override {
    const double margin = threshold * std::abs(best_);
    const bool better = !any_ || (higher_is_better ? value > best_ + margin : value < best_ - margin);
    if (better && !std::isnan(value)) {
      best_ = value;
      any_ = true;
      waited_ = 0;
      return;
    }
    if (++waited_ <= static_cast<double>(patience)) return;
    height_ = std::max(height_ * drop, min);
    waited_ = 0;
  }
  std::vector<double> state() const override { return {height_, best_, any_ ? 1.0 : 0.0, waited_}; }
  void restore(const std::vector<double>& state) override {
    assert(state.size() == 4);
    height_ = state[0];
    best_ = state[1];
    any_ = state[2] != 0;
    waited_ = state[3];
  }

 protected:
  double shape(const Progress&) const override { return height_; }

 private:
  double height_ = 1, best_ = 0, waited_ = 0;
  bool any_ = false;
};

}  // namespace

extern const Entry plateau = {"plateau",
                              "drops when the watched value has not got better for a while",
                              "ReduceLROnPlateau reduce_on_plateau adaptive",
                              "plateau: {factor: 0.5, patience: 5}",
                              "",
                              make<Plateau>};

}  // namespace bpnet::schedule_entries
