#include "layers/activation.hpp"
#include "math/functions.hpp"

namespace bpnet::layer_entries {

namespace {
struct Silu {
  static constexpr bool reads_in = true, reads_out = false, costly = true;
  Real value(Real x) const { return x * math::sigmoid(x); }
  Real slope(Real x, Real) const {
    const Real s = math::sigmoid(x);
    return s * (1 + x * (1 - s));
  }
};
}  // namespace

extern const Entry silu =
    activation<Silu>("silu", "x times sigmoid(x) (Elfwing et al. 2017)", "SiLU swish Swish");

}  // namespace bpnet::layer_entries
