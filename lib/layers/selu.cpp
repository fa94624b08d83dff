#include <algorithm>

#include "layers/activation.hpp"
#include "math/functions.hpp"

namespace bpnet::layer_entries {

namespace {
struct Selu {
  static constexpr bool reads_in = true, reads_out = false;
  static constexpr Real scale = static_cast<Real>(1.0507009873554804934193349852946);
  static constexpr Real alpha = static_cast<Real>(1.6732632423543772848170429916717);
  Real value(Real x) const { return scale * (x > 0 ? x : alpha * (math::exp(std::min(x, Real{0})) - 1)); }
  Real slope(Real x, Real) const {
    return scale * (x > 0 ? Real{1} : alpha * math::exp(std::min(x, Real{0})));
  }
};
}  // namespace

extern const Entry selu =
    activation<Selu>("selu", "self-normalising elu with fixed constants (Klambauer et al. 2017)", "SELU");

}  // namespace bpnet::layer_entries
