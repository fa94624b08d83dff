#include "math/pool.hpp"

#include <algorithm>

#include "math/image_kernels.hpp"
#include "math/threads.hpp"

namespace bpnet::math {

namespace {

/// f(sample, row of places) for all of them; the rows of a sample in one tile if they write to one image.
template <class F>
void each_place_row(const PoolShape& s, bool by_sample, F f) {
  const int rows = s.window.rows.places();
  const double work = 4.0 * s.samples * s.window.places() * s.window.elements() * s.channels;
  if (by_sample)
    parallel(s.samples, work, [&](std::ptrdiff_t i) {
      for (int row = 0; row < rows; ++row) f(i, row);
    });
  else
    parallel(std::ptrdiff_t{s.samples} * rows, work,
             [&](std::ptrdiff_t i) { f(i / rows, static_cast<int>(i % rows)); });
}

std::ptrdiff_t in_size(const PoolShape& s) { return std::ptrdiff_t{s.window.pixels()} * s.channels; }
std::ptrdiff_t out_at(const PoolShape& s, std::ptrdiff_t sample, int row) {
  return (sample * s.window.rows.places() + row) * s.window.columns.places() * s.channels;
}

}  // namespace

void max_pool(const PoolShape& s, const Real* x, Real* y, const ImageKernels& kernels) {
  each_place_row(s, false, [&](std::ptrdiff_t sample, int row) {
    kernels.max_row(s.window, x + sample * in_size(s), row, s.channels, y + out_at(s, sample, row));
  });
}

void max_pool_backward(const PoolShape& s, const Real* x, const Real* dy, Real* dx,
                       const ImageKernels& kernels) {
  const bool assign = is_tiling(s.window);
  each_place_row(s, !assign, [&](std::ptrdiff_t sample, int row) {
    Real* to = dx + sample * in_size(s);
    if (!assign && row == 0) std::fill_n(to, in_size(s), Real{0});
    kernels.max_back_row(s.window, assign, x + sample * in_size(s), dy + out_at(s, sample, row), row,
                         s.channels, to);
  });
}

void average_pool(const PoolShape& s, const Real* x, Real* y, const ImageKernels& kernels) {
  each_place_row(s, false, [&](std::ptrdiff_t sample, int row) {
    kernels.average_row(s.window, x + sample * in_size(s), row, s.channels, y + out_at(s, sample, row));
  });
}

void average_pool_backward(const PoolShape& s, const Real* dy, Real* dx, const ImageKernels& kernels) {
  each_place_row(s, true, [&](std::ptrdiff_t sample, int row) {
    Real* to = dx + sample * in_size(s);
    if (row == 0) std::fill_n(to, in_size(s), Real{0});
    kernels.average_back_row(s.window, dy + out_at(s, sample, row), row, s.channels, to);
  });
}

}  // namespace bpnet::math
