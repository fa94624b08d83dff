#include "initialisers/fills.hpp"
#include "spec/table.hpp"

namespace bpnet::initialiser_entries {

namespace {
struct LeCunNormal final : Initialiser {
  void fill(std::span<Real> values, const Shape&, int fan_in, int, Draw draw) const override {
    fill_normal(values, lecun_deviation(fan_in), draw);
  }
};
}  // namespace

extern const Entry lecun_normal = {
    "lecun_normal",   "normal, variance 1 / inputs, before selu", "LecunNormal LeCun", "lecun_normal", "",
    make<LeCunNormal>};

}  // namespace bpnet::initialiser_entries
