#include <algorithm>

#include "layers/activation.hpp"
#include "math/functions.hpp"

namespace bpnet::layer_entries {

namespace {
struct Elu {
  static constexpr bool reads_in = true, reads_out = false;
  double alpha = 1;
  void visit(Visitor& v) { v("alpha", alpha, above(0), "minus the limit far below zero"); }
  Real value(Real x) const {
    return x > 0 ? x : static_cast<Real>(alpha) * (math::exp(std::min(x, Real{0})) - 1);
  }
  Real slope(Real x, Real) const {
    return x > 0 ? Real{1} : static_cast<Real>(alpha) * math::exp(std::min(x, Real{0}));
  }
};
}  // namespace

extern const Entry elu =
    activation<Elu>("elu", "x where positive, else alpha (exp(x) - 1) (Clevert et al. 2015)", "ELU");

}  // namespace bpnet::layer_entries
