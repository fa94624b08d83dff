#include <algorithm>

#include "layers/activation.hpp"

namespace bpnet::layer_entries {

namespace {
struct HardSwish {
  static constexpr bool reads_in = true, reads_out = false;
  Real value(Real x) const { return x * std::min(std::max(x / 6 + Real{0.5}, Real{0}), Real{1}); }
  Real slope(Real x, Real) const { return x <= -3 ? Real{0} : x >= 3 ? Real{1} : x / 3 + Real{0.5}; }
};
}  // namespace

extern const Entry hard_swish = activation<HardSwish>(
    "hard_swish", "x times hard_sigmoid(x) (Howard et al. 2019)", "Hardswish HardSwish");

}  // namespace bpnet::layer_entries
