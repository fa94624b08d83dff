#include <algorithm>
#include <cmath>
#include <numbers>

#include "schedules/schedule.hpp"
#include "spec/table.hpp"

namespace bpnet::schedule_entries {

namespace {
/// Half a cosine over the whole training: Loshchilov and Hutter 2016, without restarts.
struct Cosine final : Schedule {
  double min = 0;

  void visit(Visitor& v) override {
    v("min", min, between(0, 1), "where it ends, as a share of the learning rate");
  }

 protected:
  double shape(const Progress& at) const override {
    const double done = std::min(1.0, static_cast<double>(at.step) / static_cast<double>(at.steps));
    return min + (1 - min) * (1 + std::cos(std::numbers::pi * done)) / 2;
  }
};
}  // namespace

extern const Entry cosine = {"cosine",
                             "falls along half a cosine until the end of training",
                             "CosineAnnealingLR cosine_annealing CosineDecay cosine_decay "
                             "warmup_cosine_decay_schedule cosine_decay_schedule",
                             "cosine: {min: 0.01, warmup: 5%}",
                             "",
                             make<Cosine>};

}  // namespace bpnet::schedule_entries
