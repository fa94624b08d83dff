#include <algorithm>

#include "layers/activation.hpp"
#include "math/functions.hpp"

namespace bpnet::layer_entries {

namespace {
struct Celu {
  static constexpr bool reads_in = true, reads_out = false;
  double alpha = 1;
  void visit(Visitor& v) { v("alpha", alpha, above(0), "minus the limit far below zero"); }
  Real value(Real x) const {
    const Real a = static_cast<Real>(alpha);
    return x > 0 ? x : a * (math::exp(std::min(x, Real{0}) / a) - 1);
  }
  Real slope(Real x, Real) const {
    return x > 0 ? Real{1} : math::exp(std::min(x, Real{0}) / static_cast<Real>(alpha));
  }
};
}  // namespace

extern const Entry celu =
    activation<Celu>("celu", "elu that is smooth for every alpha (Barron 2017)", "CELU");

}  // namespace bpnet::layer_entries
