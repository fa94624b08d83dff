#include "layers/activation.hpp"
#include "math/functions.hpp"

namespace bpnet::layer_entries {

namespace {
struct Sigmoid {
  static constexpr bool reads_in = false, reads_out = true;
  Real value(Real x) const { return math::sigmoid(x); }
  Real slope(Real, Real y) const { return y * (1 - y); }
};
}  // namespace

extern const Entry sigmoid =
    activation<Sigmoid>("sigmoid", "logistic function, 1 / (1 + exp(-x))", "Sigmoid logistic");

}  // namespace bpnet::layer_entries
