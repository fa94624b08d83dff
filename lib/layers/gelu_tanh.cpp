#include "layers/activation.hpp"
#include "math/functions.hpp"

namespace bpnet::layer_entries {

namespace {
struct GeluTanh {
  static constexpr bool reads_in = true, reads_out = false, costly = true;
  static constexpr Real scale = static_cast<Real>(0.79788456080286535588);  // sqrt(2 / pi)
  static constexpr Real cubic = static_cast<Real>(0.044715);
  static Real inner(Real x) { return scale * (x + cubic * x * x * x); }
  Real value(Real x) const { return x * Real{0.5} * (1 + math::tanh(inner(x))); }
  Real slope(Real x, Real) const {
    const Real t = math::tanh(inner(x));
    return Real{0.5} * (1 + t) + Real{0.5} * x * (1 - t * t) * scale * (1 + 3 * cubic * x * x);
  }
};
}  // namespace

extern const Entry gelu_tanh =
    activation<GeluTanh>("gelu_tanh", "gelu's tanh approximation, as GPT-2 uses (Hendrycks and Gimpel 2016)",
                         "gelu_new gelu_approximate quick_gelu");

}  // namespace bpnet::layer_entries
