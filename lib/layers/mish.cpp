#include "layers/activation.hpp"
#include "math/functions.hpp"

namespace bpnet::layer_entries {

namespace {
struct Mish {
  static constexpr bool reads_in = true, reads_out = false, costly = true;
  Real value(Real x) const { return x * math::tanh(math::softplus(x)); }
  Real slope(Real x, Real) const {
    const Real t = math::tanh(math::softplus(x));
    return t + x * (1 - t * t) * math::sigmoid(x);
  }
};
}  // namespace

extern const Entry mish = activation<Mish>("mish", "x times tanh(softplus(x)) (Misra 2019)", "Mish");

}  // namespace bpnet::layer_entries
