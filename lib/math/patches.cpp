#include "math/patches.hpp"

#include <algorithm>
#include <cstring>

#include "math/map.hpp"
#include "math/reduce.hpp"

namespace bpnet::math {

namespace {

/// Calls run(row of the image or null, from, to, element) for each row of each window: columns `from` to `to`
/// of the window lie inside, and its first column is at `element` of the image's row.
template <class Run>
inline void each_window_row(const ConvolutionShape& s, int first, int count, Run run) {
  const Slide &rows = s.window.rows, &columns = s.window.columns;
  const int across = columns.places(), places = s.window.places();
  int sample = first / places, y = first % places / across, x = first % across;
  for (int i = 0; i < count; ++i) {
    const int left = columns.at(x, 0), room = columns.size - left;
    int from = 0, to = columns.kernel;  // places of the window's columns inside of the image
    if (left < 0) from = std::min(to, (-left + columns.dilation - 1) / columns.dilation);
    if (room <= (to - 1) * columns.dilation)
      to = room <= 0 ? from : std::clamp((room + columns.dilation - 1) / columns.dilation, from, to);
    for (int k = 0; k < rows.kernel; ++k) {
      const int row = rows.at(y, k);
      const bool inside = row >= 0 && row < rows.size;
      run(inside ? std::ptrdiff_t{sample} * rows.size + row : std::ptrdiff_t{-1}, from, to, left);
    }
    if (++x == across) x = 0, ++y;
    if (y == rows.places()) y = 0, ++sample;
  }
}

// Copies in whole vectors; what is written too much is written over by what comes next.
inline Real* put(const Real* from, int n, Real* out) {
  for (int i = 0; i < n; i += lanes) std::memcpy(out + i, from + i, lanes * sizeof(Real));
  return out + n;
}

inline Real* put_zeros(int n, Real* out) {
  for (int i = 0; i < n; i += lanes)
    for (int j = 0; j < lanes; ++j) out[i + j] = 0;
  return out + n;
}

BPNET_CLONES void lay_out(const ConvolutionShape* shape, const Real* x, int first, int count, int g,
                          Real* out) {
  const ConvolutionShape s = *shape;
  const int kernel = s.window.columns.kernel, dilation = s.window.columns.dilation, in = s.in_of_group();
  const bool whole = dilation == 1 && s.groups == 1;  // a row of a window lies together
  each_window_row(s, first, count, [&](std::ptrdiff_t row, int from, int to, int left) {
    if (row < 0 || from == to) {
      out = put_zeros(kernel * in, out);
      return;
    }
    const Real* pixels = x + (row * s.window.columns.size + left) * s.in + g * in;
    if (from > 0) out = put_zeros(from * in, out);
    if (whole)
      out = put(pixels + std::ptrdiff_t{from} * in, (to - from) * in, out);
    else
      for (int k = from; k < to; ++k) out = put(pixels + std::ptrdiff_t{k} * dilation * s.in, in, out);
    if (to < kernel) out = put_zeros((kernel - to) * in, out);
  });
}

BPNET_CLONES void add_back(const ConvolutionShape* shape, const Real* patches, int first, int count, int g,
                           Real* x) {
  const ConvolutionShape s = *shape;
  const int kernel = s.window.columns.kernel, dilation = s.window.columns.dilation, in = s.in_of_group();
  const bool whole = dilation == 1 && s.groups == 1;
  each_window_row(s, first, count, [&](std::ptrdiff_t row, int from, int to, int left) {
    const Real* from_patch = patches;
    patches += kernel * in;
    if (row < 0) return;
    Real* pixels = x + (row * s.window.columns.size + left) * s.in + g * in;
    if (whole) {
      for (int i = from * in; i < to * in; ++i) pixels[i] += from_patch[i];
      return;
    }
    for (int k = from; k < to; ++k) {
      Real* pixel = pixels + std::ptrdiff_t{k} * dilation * s.in;
      for (int c = 0; c < in; ++c) pixel[c] += from_patch[k * in + c];
    }
  });
}

}  // namespace

void lay_out_patches(const ConvolutionShape& s, const Real* x, int first, int count, int g, Real* out) {
  lay_out(&s, x, first, count, g, out);
}

void add_patches(const ConvolutionShape& s, const Real* patches, int first, int count, int g, Real* x) {
  add_back(&s, patches, first, count, g, x);
}

}  // namespace bpnet::math
