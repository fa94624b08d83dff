#include "augmentations/share.hpp"

#include <cmath>

namespace bpnet {

namespace {

/// Logarithm of a number from Gamma(alpha, 1): Marsaglia and Tsang 2000, with their step from alpha + 1 to
/// alpha. Each try takes four random numbers.
double log_gamma(double alpha, const Chance& chance, std::uint64_t& element) {
  const double d = alpha + 1 - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = chance.draw.normal(chance.sample, element);
    const double u = chance.draw.uniform_open(chance.sample, element + 2);
    const double to_alpha = chance.draw.uniform_open(chance.sample, element + 3);
    element += 4;
    const double root = 1 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root;
    if (std::log(u) < 0.5 * x * x + d - d * v + d * std::log(v))
      return std::log(d * v) + std::log(to_alpha) / alpha;
  }
}

}  // namespace

double mixing_share(double alpha, const Chance& chance, std::uint64_t element) {
  const double a = log_gamma(alpha, chance, element);
  const double b = log_gamma(alpha, chance, element);
  return 1 / (1 + std::exp(b - a));
}

}  // namespace bpnet
