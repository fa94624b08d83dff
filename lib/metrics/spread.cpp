#include "metrics/spread.hpp"

#include <limits>

namespace bpnet {

double Spread::explained(double left) const {
  if (rows < 2 || weight <= 0) return std::numeric_limits<double>::quiet_NaN();
  if (squares > 0) return 1 - left / squares;
  return left > 0 ? 0 : 1;
}

}  // namespace bpnet
