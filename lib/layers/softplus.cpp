#include "layers/activation.hpp"
#include "math/functions.hpp"

namespace bpnet::layer_entries {

namespace {
struct Softplus {
  static constexpr bool reads_in = true, reads_out = false;
  Real value(Real x) const { return math::softplus(x); }
  Real slope(Real x, Real) const { return math::sigmoid(x); }
};
}  // namespace

extern const Entry softplus =
    activation<Softplus>("softplus", "log(1 + exp(x)), a smooth rectifier (Dugas et al. 2000)", "Softplus");

}  // namespace bpnet::layer_entries
