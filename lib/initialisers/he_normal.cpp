#include "initialisers/fills.hpp"
#include "spec/table.hpp"

namespace bpnet::initialiser_entries {

namespace {
struct HeNormal final : Initialiser {
  void fill(std::span<Real> values, const Shape&, int fan_in, int, Draw draw) const override {
    fill_normal(values, he_deviation(fan_in), draw);
  }
};
}  // namespace

extern const Entry he_normal = {
    "he_normal",
    "normal, variance 2 / inputs, before rectifiers",
    "he He kaiming kaiming_normal kaiming_normal_ Kaiming HeNormal VarianceScaling variance_scaling",
    "he_normal",
    "",
    make<HeNormal>};

}  // namespace bpnet::initialiser_entries
