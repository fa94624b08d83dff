#include "layers/activation.hpp"
#include "math/functions.hpp"

namespace bpnet::layer_entries {

namespace {
struct Gelu {
  static constexpr bool reads_in = true, reads_out = false;
  static constexpr Real root_half = static_cast<Real>(0.70710678118654752440);
  static constexpr Real root_two_pi = static_cast<Real>(0.39894228040143267794);  // 1 / sqrt(2 pi)
  Real value(Real x) const { return x * Real{0.5} * (1 + math::erf(x * root_half)); }
  Real slope(Real x, Real) const {
    return Real{0.5} * (1 + math::erf(x * root_half)) + x * math::exp(Real{-0.5} * x * x) * root_two_pi;
  }
};
}  // namespace

extern const Entry gelu =
    activation<Gelu>("gelu", "x times the normal distribution function of x (Hendrycks and Gimpel 2016)",
                     "GELU gaussian_error_linear_unit");

}  // namespace bpnet::layer_entries
