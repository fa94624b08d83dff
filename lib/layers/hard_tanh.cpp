#include <algorithm>

#include "layers/activation.hpp"

namespace bpnet::layer_entries {

namespace {
struct HardTanh {
  static constexpr bool reads_in = true, reads_out = false;
  Real value(Real x) const { return std::min(std::max(x, Real{-1}), Real{1}); }
  Real slope(Real x, Real) const { return x > -1 && x < 1 ? Real{1} : Real{0}; }
};
}  // namespace

extern const Entry hard_tanh =
    activation<HardTanh>("hard_tanh", "x between -1 and 1", "Hardtanh HardTanh clip");

}  // namespace bpnet::layer_entries
