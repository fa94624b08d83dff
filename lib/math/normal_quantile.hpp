#pragma once
// The quantile of the standard normal distribution.

namespace bpnet::math {

/// The x that a standard normal number is below with probability p, 0 < p < 1; about 15 digits (Wichura 1988,
/// algorithm AS 241, PPND16).
double normal_quantile(double p);

}  // namespace bpnet::math
