#include <algorithm>

#include "averages/average.hpp"
#include "spec/table.hpp"

namespace bpnet::average_entries {

namespace {
/// Polyak averaging with exponential weights; young averages forget faster, by the rule of TensorFlow's
/// ExponentialMovingAverage: at most (1 + step) / (10 + step) is kept.
struct Ema final : Average {
  double decay = 0.999;

  void visit(Visitor& v) override {
    v("decay", decay, inside_unit(), "share of the average that is kept each step");
  }
  double share(const Progress& at) const override {
    const auto step = static_cast<double>(at.step);
    return 1 - std::min(decay, (1 + step) / (10 + step));
  }
};
}  // namespace

extern const Entry ema = {"ema",
                          "exponential moving average of the weights after each step",
                          "EMA exponential_moving_average polyak model_ema",
                          "ema: 0.999",
                          "",
                          make<Ema>};

}  // namespace bpnet::average_entries
