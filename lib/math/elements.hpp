#pragma once
// Element-wise and row-wise kernels. All give the same bits for any number of threads.

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/random.hpp"
#include "core/shape.hpp"

namespace bpnet::math {

void fill(Real value, std::size_t n, Real* out);
void copy(const Real* in, std::size_t n, Real* out);
/// out = a + b; out may be a or b.
void add(const Real* a, const Real* b, std::size_t n, Real* out);
/// out = a * b; out may be a or b.
void multiply(const Real* a, const Real* b, std::size_t n, Real* out);
/// out *= factor.
void scale(Real factor, std::size_t n, Real* out);
/// out (cols) += sum over rows of in (rows, cols).
void add_column_sums(const Real* in, int rows, int cols, Real* out);
/// out (rows, cols) += row (cols), to each row.
void add_to_rows(const Real* row, int rows, int cols, Real* out);
/// out (samples, pixels, channels) = in * factors (samples, channels); out may be in.
void scale_channels(const Real* in, const Real* factors, int samples, int pixels, int channels, Real* out);
/// out (samples, channels) = sums over pixels of a * b, both (samples, pixels, channels).
void channel_products(const Real* a, const Real* b, int samples, int pixels, int channels, Real* out);
/// out (n) = the greatest of each `pieces` numbers side by side in `in` (n * pieces); backward: its gradient
/// goes to the first that is the greatest, the others get 0.
void greatest(const Real* in, std::size_t n, int pieces, Real* out);
void greatest_backward(const Real* in, const Real* dout, std::size_t n, int pieces, Real* din);
/// out (rows, to_width) at column `to` = in (rows, from_width) at column `from`, `width` columns.
void copy_columns(const Real* in, int rows, int from_width, int from, Real* out, int to_width, int to,
                  int width);

/// Sum of squares of n numbers in double, in a fixed order; not finite if one of them is not.
double sum_of_squares(const Real* in, std::size_t n);
/// Sum of |x| of n numbers, and of the products of two arrays: in double, in a fixed order.
double sum_of_magnitudes(const Real* in, std::size_t n);
double dot(const Real* a, const Real* b, std::size_t n);
/// Position of the first number that is not finite, or n.
std::size_t first_not_finite(const Real* in, std::size_t n);

/// out (rows, width) = table row of each code (rows); a negative code gives zeros.
void lookup(const Real* table, const std::int32_t* codes, int rows, int width, Real* out);
/// table row of each code += in (rows, width), rows in order.
void add_to_rows(const Real* in, const std::int32_t* codes, int rows, int width, Real* table);

/// out (samples, pixels, channels) = in, where a random share `rate` of each sample's channels is 0 and the
/// others are scaled up; out may be in.
void drop_channels(const Real* in, std::span<const std::int64_t> samples, std::size_t pixels, int channels,
                   double rate, Draw draw, Real* out);
/// What dropout makes of an element that is dropped (value), and of x that is not: x * factor + shift.
struct Dropped {
  Real value = 0, factor = 1, shift = 0;
};
/// An element is dropped with probability `rate`. Its random number is draw.word(sample, element); backward
/// is the same call on the gradient, with value and shift 0. `samples` has one index a row; out may be in.
void dropout(const Real* in, std::span<const std::int64_t> samples, std::size_t width, double rate, Draw draw,
             const Dropped& dropped, Real* out);
/// out = in + deviation * draw.normal(sample, element).
void add_noise(const Real* in, std::span<const std::int64_t> samples, std::size_t width, double deviation,
               Draw draw, Real* out);

}  // namespace bpnet::math
