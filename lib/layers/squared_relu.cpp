#include <algorithm>

#include "layers/activation.hpp"

namespace bpnet::layer_entries {

namespace {
struct SquaredRelu {
  static constexpr bool reads_in = true, reads_out = false;
  Real value(Real x) const {
    const Real r = std::max(x, Real{0});
    return r * r;
  }
  Real slope(Real x, Real) const { return 2 * std::max(x, Real{0}); }
};
}  // namespace

extern const Entry squared_relu = activation<SquaredRelu>(
    "squared_relu", "rectifier squared, max(0, x)^2 (So et al. 2021)", "relu_squared relu2");

}  // namespace bpnet::layer_entries
