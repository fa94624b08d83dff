#include "layers/activation.hpp"
#include "math/functions.hpp"

namespace bpnet::layer_entries {

namespace {
struct Exponential {
  static constexpr bool reads_in = false, reads_out = true;
  Real value(Real x) const { return math::exp(x); }
  Real slope(Real, Real y) const { return y; }
};
}  // namespace

extern const Entry exponential =
    activation<Exponential>("exponential", "exp(x), for positive outputs", "exp Exponential");

}  // namespace bpnet::layer_entries
