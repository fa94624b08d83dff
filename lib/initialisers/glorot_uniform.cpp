#include "initialisers/fills.hpp"
#include "spec/table.hpp"

namespace bpnet::initialiser_entries {

namespace {
struct GlorotUniform final : Initialiser {
  void fill(std::span<Real> values, const Shape&, int fan_in, int fan_out, Draw draw) const override {
    fill_uniform_of_deviation(values, glorot_deviation(fan_in, fan_out), draw);
  }
};
}  // namespace

extern const Entry glorot_uniform = {
    "glorot_uniform",
    "uniform, variance 2 / (inputs + outputs), before tanh, sigmoid, softmax",
    "xavier xavier_uniform xavier_uniform_ Xavier GlorotUniform",
    "glorot_uniform",
    "",
    make<GlorotUniform>};

}  // namespace bpnet::initialiser_entries
