#include "math/prelu.hpp"

#include "math/map.hpp"
#include "math/reduce.hpp"

namespace bpnet::math {

namespace {

BPNET_CLONES void prelu_rows(const Real* in, const Real* slopes, int rows, int width, Real* out) {
  for (int r = 0; r < rows; ++r, in += width, out += width)
    for (int c = 0; c < width; ++c) out[c] = in[c] > 0 ? in[c] : slopes[c] * in[c];
}

BPNET_CLONES void slope_rows(const Real* in, const Real* slopes, const Real* dout, int rows, int width,
                             Real* din) {
  for (int r = 0; r < rows; ++r, in += width, dout += width, din += width)
    for (int c = 0; c < width; ++c) din[c] = in[c] > 0 ? dout[c] : dout[c] * slopes[c];
}

BPNET_CLONES void along_rows(const Real* in, const Real* dout, std::size_t n, Real* along) {
  for (std::size_t i = 0; i < n; ++i) along[i] = in[i] > 0 ? Real{0} : dout[i] * in[i];
}

/// Calls f(begin, rows) for stretches of rows, on several threads when there are many.
template <class F>
void in_stretches(int rows, int width, F f) {
  const Stretches stretches(rows, 16);
  parallel(stretches.count, 4.0 * rows * width,
           [&](std::ptrdiff_t t) { f(std::ptrdiff_t{stretches.begin(t)} * width, stretches.size(t)); });
}

}  // namespace

void prelu(const Real* in, const Real* slopes, int rows, int width, Real* out) {
  in_stretches(rows, width, [&](std::ptrdiff_t begin, int count) {
    prelu_rows(in + begin, slopes, count, width, out + begin);
  });
}

void prelu_backward(const Real* in, const Real* slopes, const Real* dout, int rows, int width, Real* din,
                    Real* along) {
  in_stretches(rows, width, [&](std::ptrdiff_t begin, int count) {
    // first: din may be dout
    const auto n = static_cast<std::size_t>(count) * static_cast<std::size_t>(width);
    if (along) along_rows(in + begin, dout + begin, n, along + begin);
    if (din) slope_rows(in + begin, slopes, dout + begin, count, width, din + begin);
  });
}

}  // namespace bpnet::math
