#pragma once
// Functions of float, right to about 2 units in the last place, over the whole range, infinities and NaN
// included. No branches and no calls: loops over them become vector code. Polynomials are minimax fits.

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace bpnet::math {

/// exp(x) as 2^power times `rest`, which lies about 1.
struct SplitExp {
  std::int32_t power;
  float rest;
};
inline SplitExp split_exp(float x) {
  constexpr float log2e = 1.44269504f, ln2_high = 0.693359375f, ln2_low = -2.12194440e-4f;
  constexpr float rounder = 12582912.0f;  // 1.5 * 2^23: adding it leaves the nearest integer in the low bits
  const float shifted = x * log2e + rounder;
  const float n = shifted - rounder;
  const float r = x - n * ln2_high - n * ln2_low;
  float p = 1.381315989e-3f;
  p = p * r + 8.369410411e-3f;
  p = p * r + 4.166845605e-2f;
  p = p * r + 1.666651517e-1f;
  p = p * r + 0.5f;
  p = p * (r * r) + r + 1;
  return {std::bit_cast<std::int32_t>(shifted) - std::bit_cast<std::int32_t>(rounder), p};
}
/// 2^e, and 0 for e = -127.
inline float power_of_two(std::int32_t e) { return std::bit_cast<float>((e + 127) << 23); }

inline float exp(float x) {
  x = x < -150.0f ? -150.0f : x;
  x = x > 128.0f ? 128.0f : x;
  const SplitExp e = split_exp(x);
  // in two factors, as the power goes beyond the exponents of float at both ends
  const std::int32_t half = e.power >> 1;
  return e.rest * power_of_two(half) * power_of_two(e.power - half);
}

/// The same at two thirds of the cost, for x up to 88; 0 where exp would be subnormal.
inline float exp_up_to_88(float x) {
  const SplitExp e = split_exp(x < -88.1f ? -88.1f : x);
  return e.rest * power_of_two(e.power);
}

/// Logarithm of a number above zero that is neither infinite nor NaN; subnormal ones are wrong.
inline float log_of_normal(float x) {
  const std::int32_t bits = std::bit_cast<std::int32_t>(x);
  const std::int32_t e = (bits - 0x3f3504f3) >> 23;  // leaves a mantissa between sqrt(1/2) and sqrt(2)
  const float f = std::bit_cast<float>(bits - (e << 23)) - 1, n = static_cast<float>(e);
  float p = 6.746619195e-2f;
  p = p * f - 1.167564616e-1f;
  p = p * f + 1.188816875e-1f;
  p = p * f - 1.240558997e-1f;
  p = p * f + 1.421955228e-1f;
  p = p * f - 1.666799635e-1f;
  p = p * f + 2.000211924e-1f;
  p = p * f - 2.500000894e-1f;
  p = p * f + 3.333331347e-1f;
  const float square = f * f;
  return f + (square * f * p - 2.12194440e-4f * n - 0.5f * square) + 0.693359375f * n;
}

/// y, the logarithm of x, put right where x is zero, negative, infinite or NaN.
inline float log_at_the_ends(float x, float y) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  y = x < infinity ? y : x;
  y = x == 0 ? -infinity : y;
  return x < 0 ? std::numeric_limits<float>::quiet_NaN() : y;
}

inline float log(float x) {
  const bool tiny = x < 0x1p-126f;
  const float y = log_of_normal(tiny ? x * 0x1p23f : x) - (tiny ? 15.9423847f : 0.0f);  // 23 log(2)
  return log_at_the_ends(x, y);
}

inline float log1p(float x) {
  const float u = 1 + x;
  const float lost = (x - (u - 1)) / u;  // what rounding 1 + x took away
  return log_at_the_ends(u, log_of_normal(u) + lost);
}

inline float tanh(float x) {
  const float t = std::abs(x), z = x * x;
  float p = 2.142960206e-3f;
  p = p * z - 8.177395910e-3f;
  p = p * z + 2.170070261e-2f;
  p = p * z - 5.394676328e-2f;
  p = p * z + 1.333320588e-1f;
  p = p * z - 3.333333135e-1f;
  const float near = x + x * z * p;
  const float e = exp_up_to_88(-2 * t), far = std::copysign((1 - e) / (1 + e), x);
  return t < 0.625f ? near : far;
}

/// The density of the standard normal distribution at x, and the share below x. Right to 3e-7.
inline float normal_density(float x) { return exp_up_to_88(-0.5f * x * x) * 0.398942280f; }
inline float normal_share(float x) {
  const float t = std::abs(x), u = 1 / (1 + 0.3f * t), e = exp_up_to_88(-0.5f * x * x);
  // the tail beyond t = e times a smooth function (Mills' ratio, but for a factor)
  float p = 3.837863294e-2f;
  p = p * u - 1.691676989e-1f;
  p = p * u + 2.286632218e-1f;
  p = p * u - 7.650979020e-2f;
  p = p * u + 1.425376642e-1f;
  p = p * u + 9.468269595e-2f;
  p = p * u + 1.219205336e-1f;
  p = p * u + 1.194876650e-1f;
  p = p * u + 7.170115565e-6f;
  const float tail = e * p;
  return x < 0 ? tail : 1 - tail;
}

}  // namespace bpnet::math
