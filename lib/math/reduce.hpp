#pragma once
// Sums and maxima in vector code without reordering by the compiler: a fixed number of interleaved partial
// results. For use inside functions marked BPNET_CLONES.

#include <algorithm>
#include <array>

#include "core/shape.hpp"

namespace bpnet::math {

/// Elements of Real in 64 bytes: the width of the widest vector, and what may be read behind the end of a
/// buffer.
inline constexpr int lanes = static_cast<int>(64 / sizeof(Real));

/// Of partial sums, which it changes.
template <class T>
inline T total(T (&part)[lanes]) {
#pragma GCC unroll 8
  for (int half = lanes / 2; half > 0; half /= 2)
    for (int j = 0; j < half; ++j) part[j] += part[j + half];
  return part[0];
}

/// Sum of f(i) for i in 0 .. n - 1, in the type f gives.
template <class F>
inline auto sum_of(int n, F f) {
  using T = decltype(f(0));
  T part[lanes] = {};
  int i = 0;
  for (; i + lanes <= n; i += lanes)
#pragma GCC unroll 1
    for (int j = 0; j < lanes; ++j) part[j] += f(i + j);
  for (int j = 0; i + j < n; ++j) part[j] += f(i + j);
  return total(part);
}

/// Sums of f(i) and of g(i), in one pass.
template <class F, class G>
inline std::array<Real, 2> sums_of(int n, F f, G g) {
  Real first[lanes] = {}, second[lanes] = {};
  int i = 0;
  for (; i + lanes <= n; i += lanes)
#pragma GCC unroll 1
    for (int j = 0; j < lanes; ++j) {
      first[j] += f(i + j);
      second[j] += g(i + j);
    }
  for (int j = 0; i + j < n; ++j) {
    first[j] += f(i + j);
    second[j] += g(i + j);
  }
  return {total(first), total(second)};
}

/// The greatest of n numbers, n >= 1. A NaN among them may be passed over.
inline Real max_of(int n, const Real* x) {
  Real part[lanes];
  for (Real& p : part) p = x[0];
  int i = 0;
  for (; i + lanes <= n; i += lanes)
#pragma GCC unroll 1
    for (int j = 0; j < lanes; ++j) part[j] = part[j] > x[i + j] ? part[j] : x[i + j];
  for (int j = 0; i + j < n; ++j) part[j] = part[j] > x[i + j] ? part[j] : x[i + j];
#pragma GCC unroll 8
  for (int half = lanes / 2; half > 0; half /= 2)
    for (int j = 0; j < half; ++j) part[j] = part[j] > part[j + half] ? part[j] : part[j + half];
  return part[0];
}

/// `rows` rows in stretches of equal length for several threads: at most `most`, at least `shortest` rows
/// each (but the last), a number that depends on the rows alone.
struct Stretches {
  static constexpr int most = 64;
  int rows, length, count;
  Stretches(int all, int shortest)
      : rows(all), length(std::max(shortest, (all + most - 1) / most)), count((all + length - 1) / length) {}
  int begin(std::ptrdiff_t i) const { return static_cast<int>(i) * length; }
  int size(std::ptrdiff_t i) const { return std::min(length, rows - begin(i)); }
};

}  // namespace bpnet::math
