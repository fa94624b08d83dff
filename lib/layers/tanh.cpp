#include "layers/activation.hpp"
#include "math/functions.hpp"

namespace bpnet::layer_entries {

namespace {
struct Tanh {
  static constexpr bool reads_in = false, reads_out = true;
  Real value(Real x) const { return math::tanh(x); }
  Real slope(Real, Real y) const { return 1 - y * y; }
};
}  // namespace

extern const Entry tanh = activation<Tanh>("tanh", "hyperbolic tangent", "Tanh hyperbolic_tangent");

}  // namespace bpnet::layer_entries
