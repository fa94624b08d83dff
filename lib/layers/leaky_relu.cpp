#include "layers/activation.hpp"

namespace bpnet::layer_entries {

namespace {
struct LeakyRelu {
  static constexpr bool reads_in = true, reads_out = false;
  double negative_slope = 0.01;
  void visit(Visitor& v) { v("negative_slope", negative_slope, at_least(0), "slope below zero"); }
  Real value(Real x) const { return x > 0 ? x : static_cast<Real>(negative_slope) * x; }
  Real slope(Real x, Real) const { return x > 0 ? Real{1} : static_cast<Real>(negative_slope); }
};
}  // namespace

extern const Entry leaky_relu =
    activation<LeakyRelu>("leaky_relu", "x where positive, else negative_slope times x (Maas et al. 2013)",
                          "LeakyReLU lrelu RReLU");

}  // namespace bpnet::layer_entries
