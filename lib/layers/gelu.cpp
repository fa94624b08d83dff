#include "layers/activation.hpp"
#include "math/functions.hpp"

namespace bpnet::layer_entries {

namespace {
struct Gelu {
  static constexpr bool reads_in = true, reads_out = false, costly = true;
  Real value(Real x) const { return x * math::normal_share(x); }
  Real slope(Real x, Real) const { return math::normal_share(x) + x * math::normal_density(x); }
};
}  // namespace

extern const Entry gelu =
    activation<Gelu>("gelu", "x times the normal distribution function of x (Hendrycks and Gimpel 2016)",
                     "GELU gaussian_error_linear_unit");

}  // namespace bpnet::layer_entries
