#pragma once
// What attention does to rows: of weights (some queries by keys), and of heads.

#include <cstddef>
#include <vector>

#include "core/random.hpp"
#include "core/shape.hpp"

namespace bpnet::math {

/// Rows of `keys` numbers, `stride` apart (a multiple of 64 bytes), of queries one behind another. The first
/// may look at keys 0 .. limit - 1, at least one; each row behind it at one more if `causal`, though at no
/// more than there are.
struct WeightRows {
  static constexpr int most = 32;  // rows
  int rows, keys, limit;
  bool causal;
  std::ptrdiff_t stride;
  Real scale = 1;  // above 0: of what the softmax is taken of
  int keys_of(int row) const {
    const int n = causal ? limit + row : limit;
    return n < keys ? n : keys;
  }
};

/// z becomes the softmax of z * scale, of each row over the keys it may look at, 0 for others; logarithms
/// (rows): of the sums of exponentials. With these, the same from z alone.
void softmax_rows(const WeightRows& s, Real* z, Real* logarithms);
void softmax_rows_again(const WeightRows& s, Real* z, const Real* logarithms);
/// dz (in dp), times the scale, from the weights p and their gradients dp.
void softmax_rows_backward(const WeightRows& s, const Real* p, Real* dp);
/// factors: 0 for a share `rate` of the weights, by draw.word(sample, first + row * step + key), else 1 / (1
/// - rate). first and step are multiples of 4.
void dropped_rows(const WeightRows& s, double rate, Draw draw, std::uint64_t sample, std::uint64_t first,
                  std::uint64_t step, Real* factors);
/// out = p * factors; out may be p.
void multiply_rows(const WeightRows& s, const Real* p, const Real* factors, Real* out);

/// Rotary positions: Su and others 2021; element i of the first half of a head and of the second are a pair.
class Rotation {
 public:
  Rotation(int positions, int width);
  /// Rows (count, width) at positions from `position` on, in place, or turned back.
  void turn(int count, int width, int position, bool back, Real* rows) const;

 private:
  std::vector<Real> cosines_, sines_;  // (positions, width / 2)
};

/// to (count, width) = from, rows of either as far apart as said.
void copy_rows(const Real* from, std::ptrdiff_t from_row, int count, int width, Real* to,
               std::ptrdiff_t to_row);

}  // namespace bpnet::math
