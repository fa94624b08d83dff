#include "initialisers/fills.hpp"
#include "spec/table.hpp"

namespace bpnet::initialiser_entries {

namespace {
struct HeUniform final : Initialiser {
  void fill(std::span<Real> values, const Shape&, int fan_in, int, Draw draw) const override {
    fill_uniform_of_deviation(values, he_deviation(fan_in), draw);
  }
};
}  // namespace

extern const Entry he_uniform = {"he_uniform",
                                 "uniform, variance 2 / inputs, before rectifiers",
                                 "kaiming_uniform kaiming_uniform_ Kaiming HeUniform",
                                 "he_uniform",
                                 "",
                                 make<HeUniform>};

}  // namespace bpnet::initialiser_entries
