#include "math/attention_rows.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

#include "math/functions.hpp"
#include "math/map.hpp"
#include "math/reduce.hpp"

namespace bpnet::math {

namespace {

constexpr Real nothing = std::numeric_limits<Real>::lowest() / 4;  // its exponential is 0

/// In whole vectors, as rows have room for.
constexpr int whole(int n) { return (n + lanes - 1) / lanes * lanes; }

/// The last of z's whole vectors: `value` from z[n] on.
inline void fill_behind(Real* z, int n, int all, Real value) {
  for (int j = 0; j < lanes; ++j) z[all - lanes + j] = all - lanes + j < n ? z[all - lanes + j] : value;
}

/// `logarithms` as in softmax_rows; null where nobody asks. Step by step for all rows, so that one row need
/// not wait for the end of another.
BPNET_CLONES void softmax_some(const WeightRows* given, Real* z, Real* logarithms) {
  const WeightRows s = *given;
  Real tops[WeightRows::most], sums[WeightRows::most], factors[WeightRows::most];
  for (int r = 0; r < s.rows; ++r) {
    Real* const row = z + r * s.stride;
    const int n = s.keys_of(r), all = whole(n);
    fill_behind(row, n, all, nothing);
    tops[r] = max_of(all, row) * s.scale;
  }
  for (int r = 0; r < s.rows; ++r) {
    Real* const row = z + r * s.stride;
    const Real top = tops[r];
    sums[r] =
        sum_of(whole(s.keys_of(r)), [&](int i) { return row[i] = exp_up_to_88(row[i] * s.scale - top); });
  }
  for (int r = 0; r < s.rows; ++r) factors[r] = 1 / sums[r];
  for (int r = 0; r < s.rows; ++r) {
    Real* const row = z + r * s.stride;
    const int all = whole(s.keys_of(r));
    const Real factor = factors[r];
    for (int i = 0; i < all; i += lanes)
      for (int j = 0; j < lanes; ++j) row[i + j] *= factor;
    for (int i = all; i < s.keys; ++i) row[i] = 0;
  }
  for (int r = 0; logarithms && r < s.rows; ++r) logarithms[r] = tops[r] + log(sums[r]);
}

BPNET_CLONES void softmax_some_again(const WeightRows* given, Real* z, const Real* logarithms) {
  const WeightRows s = *given;
  for (int r = 0; r < s.rows; ++r, z += s.stride) {
    const int n = s.keys_of(r), all = whole(n);
    fill_behind(z, n, all, nothing);
    const Real shift = logarithms[r];
    for (int i = 0; i < all; i += lanes)
      for (int j = 0; j < lanes; ++j) z[i + j] = exp_up_to_88(z[i + j] * s.scale - shift);
    for (int i = all; i < s.keys; ++i) z[i] = 0;
  }
}

BPNET_CLONES void softmax_some_backward(const WeightRows* given, const Real* p, Real* dp) {
  const WeightRows s = *given;
  Real sums[WeightRows::most];
  for (int r = 0; r < s.rows; ++r) {
    const Real* const weights = p + r * s.stride;
    Real* const row = dp + r * s.stride;
    const int n = s.keys_of(r), all = whole(n);
    fill_behind(row, n, all, 0);
    sums[r] = sum_of(all, [&](int i) { return weights[i] * row[i]; });
  }
  for (int r = 0; r < s.rows; ++r) {
    const Real* const weights = p + r * s.stride;
    Real* const row = dp + r * s.stride;
    const int all = whole(s.keys_of(r));
    const Real sum = sums[r];
    for (int i = 0; i < all; i += lanes)
      for (int j = 0; j < lanes; ++j) row[i + j] = weights[i + j] * s.scale * (row[i + j] - sum);
    for (int i = all; i < s.keys; ++i) row[i] = 0;
  }
}

BPNET_CLONES void drop_row(Draw draw, std::uint64_t sample, std::uint64_t first, int n, std::uint32_t below,
                           Real kept, Real* factors) {
  constexpr int piece = 64;
  std::uint32_t words[piece];
  for (int i = 0; i < n; i += piece) {
    for (int b = 0; b < piece / 4; ++b) {
      const std::array<std::uint32_t, 4> four =
          draw.block(sample, (first + static_cast<std::uint64_t>(i)) / 4 + static_cast<std::uint64_t>(b));
      for (int j = 0; j < 4; ++j) words[4 * b + j] = four[static_cast<std::size_t>(j)];
    }
    for (int j = 0; j < std::min(piece, n - i); ++j) factors[i + j] = words[j] < below ? Real{0} : kept;
  }
}

BPNET_CLONES void multiply_some(const WeightRows* given, const Real* p, const Real* factors, Real* out) {
  const WeightRows s = *given;
  for (int r = 0; r < s.rows; ++r, p += s.stride, factors += s.stride, out += s.stride)
    for (int i = 0; i < s.keys; ++i) out[i] = p[i] * factors[i];
}

BPNET_CLONES void turn_row(const Real* cosines, const Real* sines, int half, Real direction, Real* row) {
  for (int i = 0; i < half; ++i) {
    const Real a = row[i], b = row[half + i], c = cosines[i], s = direction * sines[i];
    row[i] = a * c - b * s;
    row[half + i] = b * c + a * s;
  }
}

BPNET_CLONES void copy_some(const Real* from, std::ptrdiff_t from_row, int count, int width, Real* to,
                            std::ptrdiff_t to_row) {
  for (int r = 0; r < count; ++r, from += from_row, to += to_row)
    for (int i = 0; i < width; ++i) to[i] = from[i];
}

}  // namespace

void softmax_rows(const WeightRows& s, Real* z, Real* logarithms) { softmax_some(&s, z, logarithms); }
void softmax_rows_again(const WeightRows& s, Real* z, const Real* logarithms) {
  softmax_some_again(&s, z, logarithms);
}
void softmax_rows_backward(const WeightRows& s, const Real* p, Real* dp) { softmax_some_backward(&s, p, dp); }

void dropped_rows(const WeightRows& s, double rate, Draw draw, std::uint64_t sample, std::uint64_t first,
                  std::uint64_t step, Real* factors) {
  const auto below = static_cast<std::uint32_t>(rate * 0x1p32);
  const auto kept = static_cast<Real>(1 / (1 - rate));
  for (int r = 0; r < s.rows; ++r, first += step, factors += s.stride)
    drop_row(draw, sample, first, s.keys, below, kept, factors);
}

void multiply_rows(const WeightRows& s, const Real* p, const Real* factors, Real* out) {
  multiply_some(&s, p, factors, out);
}

Rotation::Rotation(int positions, int width) {
  const int half = width / 2;
  for (int p = 0; p < positions; ++p)
    for (int i = 0; i < half; ++i) {
      const double angle = p * std::pow(10000.0, -2.0 * i / width);
      cosines_.push_back(static_cast<Real>(std::cos(angle)));
      sines_.push_back(static_cast<Real>(std::sin(angle)));
    }
}

void Rotation::turn(int count, int width, int position, bool back, Real* rows) const {
  const auto half = static_cast<std::size_t>(width / 2);
  for (int r = 0; r < count; ++r) {
    const std::size_t at = static_cast<std::size_t>(position + r) * half;
    turn_row(&cosines_[at], &sines_[at], width / 2, back ? Real{-1} : Real{1},
             rows + std::ptrdiff_t{r} * width);
  }
}

void copy_rows(const Real* from, std::ptrdiff_t from_row, int count, int width, Real* to,
               std::ptrdiff_t to_row) {
  copy_some(from, from_row, count, width, to, to_row);
}

}  // namespace bpnet::math
