#include "initialisers/fills.hpp"
#include "spec/table.hpp"

namespace bpnet::initialiser_entries {

namespace {
struct GlorotNormal final : Initialiser {
  void fill(std::span<Real> values, const Shape&, int fan_in, int fan_out, Draw draw) const override {
    fill_normal(values, glorot_deviation(fan_in, fan_out), draw);
  }
};
}  // namespace

extern const Entry glorot_normal = {"glorot_normal",
                                    "normal, variance 2 / (inputs + outputs), before tanh, sigmoid, softmax",
                                    "xavier_normal xavier_normal_ Xavier GlorotNormal",
                                    "glorot_normal",
                                    "",
                                    make<GlorotNormal>};

}  // namespace bpnet::initialiser_entries
