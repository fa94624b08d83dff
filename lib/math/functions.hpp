#pragma once
// Functions of one Real, inline and free of branches so that loops over them become vector code. The backend
// gives exp, log, log1p, tanh and the normal distribution: its real_functions.hpp.

#include <cmath>
#include <real_functions.hpp>

#include "core/shape.hpp"

namespace bpnet::math {

/// 1 / (1 + exp(-x)).
inline Real sigmoid(Real x) { return 1 / (1 + exp_up_to_88(x < -88 ? Real{88} : -x)); }
/// log(1 + exp(x)) without overflow, and exact for large negative x.
inline Real softplus(Real x) { return (x > 0 ? x : Real{0}) + log1p(exp_up_to_88(-std::abs(x))); }

}  // namespace bpnet::math
