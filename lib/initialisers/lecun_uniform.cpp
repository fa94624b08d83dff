#include "initialisers/fills.hpp"
#include "spec/table.hpp"

namespace bpnet::initialiser_entries {

namespace {
struct LeCunUniform final : Initialiser {
  void fill(std::span<Real> values, const Shape&, int fan_in, int, Draw draw) const override {
    fill_uniform_of_deviation(values, lecun_deviation(fan_in), draw);
  }
};
}  // namespace

extern const Entry lecun_uniform = {
    "lecun_uniform",   "uniform, variance 1 / inputs, before selu", "LecunUniform LeCun", "lecun_uniform", "",
    make<LeCunUniform>};

}  // namespace bpnet::initialiser_entries
