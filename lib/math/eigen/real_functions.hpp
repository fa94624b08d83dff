#pragma once
// Functions of double: the standard library's.

#include <cmath>

namespace bpnet::math {
using std::exp;
using std::log;
using std::log1p;
using std::tanh;

/// exp for x up to 88.
inline double exp_up_to_88(double x) { return std::exp(x); }

/// The density of the standard normal distribution at x, and the share below x.
inline double normal_density(double x) { return std::exp(-0.5 * x * x) * 0.39894228040143267794; }
inline double normal_share(double x) { return std::erfc(x * -0.70710678118654752440) / 2; }
}  // namespace bpnet::math
