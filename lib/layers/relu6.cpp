#include <algorithm>

#include "layers/activation.hpp"

namespace bpnet::layer_entries {

namespace {
struct Relu6 {
  static constexpr bool reads_in = true, reads_out = false;
  Real value(Real x) const { return std::min(std::max(x, Real{0}), Real{6}); }
  Real slope(Real x, Real) const { return x > 0 && x < 6 ? Real{1} : Real{0}; }
};
}  // namespace

extern const Entry relu6 = activation<Relu6>("relu6", "rectifier cut off at 6 (Howard et al. 2017)", "ReLU6");

}  // namespace bpnet::layer_entries
