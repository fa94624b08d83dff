#include "layers/activation.hpp"

namespace bpnet::layer_entries {

namespace {
struct Relu {
  static constexpr bool reads_in = false, reads_out = true, is_relu = true;
  Real value(Real x) const { return x > 0 ? x : Real{0}; }
  Real slope(Real, Real y) const { return y > 0 ? Real{1} : Real{0}; }
};
}  // namespace

extern const Entry relu =
    activation<Relu>("relu", "rectifier, max(0, x)", "ReLU rectifier rectified_linear Threshold");

}  // namespace bpnet::layer_entries
