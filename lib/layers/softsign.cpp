#include <cmath>

#include "layers/activation.hpp"

namespace bpnet::layer_entries {

namespace {
struct Softsign {
  static constexpr bool reads_in = true, reads_out = false;
  Real value(Real x) const { return x / (1 + std::abs(x)); }
  Real slope(Real x, Real) const {
    const Real d = 1 + std::abs(x);
    return 1 / (d * d);
  }
};
}  // namespace

extern const Entry softsign = activation<Softsign>("softsign", "x / (1 + |x|)", "Softsign");

}  // namespace bpnet::layer_entries
