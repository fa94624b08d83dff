#include <algorithm>

#include "layers/activation.hpp"

namespace bpnet::layer_entries {

namespace {
struct HardSigmoid {
  static constexpr bool reads_in = true, reads_out = false;
  Real value(Real x) const { return std::min(std::max(x / 6 + Real{0.5}, Real{0}), Real{1}); }
  Real slope(Real x, Real) const { return x > -3 && x < 3 ? Real{1} / 6 : Real{0}; }
};
}  // namespace

extern const Entry hard_sigmoid = activation<HardSigmoid>(
    "hard_sigmoid", "piecewise linear sigmoid, x / 6 + 1/2 between 0 and 1 (as in PyTorch)",
    "Hardsigmoid HardSigmoid");

}  // namespace bpnet::layer_entries
