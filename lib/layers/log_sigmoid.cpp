#include "layers/activation.hpp"
#include "math/functions.hpp"

namespace bpnet::layer_entries {

namespace {
struct LogSigmoid {
  static constexpr bool reads_in = true, reads_out = false;
  Real value(Real x) const { return -math::softplus(-x); }
  Real slope(Real x, Real) const { return math::sigmoid(-x); }
};
}  // namespace

extern const Entry log_sigmoid =
    activation<LogSigmoid>("log_sigmoid", "logarithm of sigmoid", "LogSigmoid logsigmoid");

}  // namespace bpnet::layer_entries
