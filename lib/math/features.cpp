#include "math/features.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "math/map.hpp"
#include "math/reduce.hpp"
#include "math/threads.hpp"

namespace bpnet::math {

namespace {

constexpr Real turn = 2 * std::numbers::pi_v<Real>;

/// Calls f(row) for every row.
template <class F>
void each_row(int rows, double work, F f) {
  const Stretches stretches(rows, 16);
  parallel(stretches.count, work * rows, [&](std::ptrdiff_t t) {
    for (int r = stretches.begin(t); r < stretches.begin(t) + stretches.size(t); ++r) f(std::ptrdiff_t{r});
  });
}

int begin_of(const FeatureProduct& shape, int feature) {
  return feature == 0 ? 0 : shape.ends[static_cast<std::size_t>(feature) - 1];
}
int end_of(const FeatureProduct& shape, int feature) { return shape.ends[static_cast<std::size_t>(feature)]; }

BPNET_CLONES void add_scaled(const Real* in, Real factor, int n, Real* out) {
  for (int i = 0; i < n; ++i) out[i] += factor * in[i];
}

BPNET_CLONES Real dot(const Real* a, const Real* b, int n) {
  return sum_of(n, [&](int i) { return a[i] * b[i]; });
}

}  // namespace

void feature_product(const FeatureProduct& shape, const Real* in, int rows, const Real* weight,
                     const Real* bias, Real* out, int out_width) {
  const int columns = shape.columns(), units = shape.units;
  each_row(rows, static_cast<double>(columns) * units, [&](std::ptrdiff_t r) {
    const Real* x = in + r * columns;
    Real* y = out + r * out_width;
    for (int g = 0; g < shape.features(); ++g, y += units) {
      std::copy_n(bias + std::ptrdiff_t{g} * units, units, y);
      for (int c = begin_of(shape, g); c < end_of(shape, g); ++c)
        if (x[c] != 0) add_scaled(weight + std::ptrdiff_t{c} * units, x[c], units, y);
    }
  });
}

void feature_product_backward(const FeatureProduct& shape, const Real* in, const Real* dout, int out_width,
                              int rows, const Real* weight, Real* din, Real* dweight, Real* dbias) {
  const int columns = shape.columns(), units = shape.units;
  const double work = static_cast<double>(columns) * units;
  if (din)
    each_row(rows, work, [&](std::ptrdiff_t r) {
      const Real* dy = dout + r * out_width;
      for (int g = 0; g < shape.features(); ++g, dy += units)
        for (int c = begin_of(shape, g); c < end_of(shape, g); ++c)
          din[r * columns + c] = dot(weight + std::ptrdiff_t{c} * units, dy, units);
    });
  if (!dweight && !dbias) return;
  // Threads share features: each adds its rows up in order.
  parallel(shape.features(), work * rows, [&](std::ptrdiff_t feature) {
    const int g = static_cast<int>(feature);
    for (std::ptrdiff_t r = 0; r < rows; ++r) {
      const Real *x = in + r * columns, *dy = dout + r * out_width + feature * units;
      if (dbias) add_scaled(dy, 1, units, dbias + feature * units);
      if (!dweight) continue;
      for (int c = begin_of(shape, g); c < end_of(shape, g); ++c)
        if (x[c] != 0) add_scaled(dy, x[c], units, dweight + std::ptrdiff_t{c} * units);
    }
  });
}

void periodic(const Real* in, int rows, int n, const Real* frequencies, int k, Real* out) {
  each_row(rows, 64.0 * n * k, [&](std::ptrdiff_t r) {
    for (int i = 0; i < n; ++i) {
      const Real x = turn * in[r * n + i];
      Real* y = out + (r * n + i) * 2 * k;
      for (int j = 0; j < k; ++j) {
        const Real angle = x * frequencies[i * k + j];
        y[j] = std::sin(angle);
        y[k + j] = std::cos(angle);
      }
    }
  });
}

void periodic_backward(const Real* in, const Real* out, const Real* dout, int rows, int n,
                       const Real* frequencies, int k, Real* din, Real* dfrequencies) {
  // Slope of an angle, from the sine and cosine that it has.
  const auto slope = [=](std::ptrdiff_t number, int j) {
    const std::ptrdiff_t at = number * 2 * k + j;
    return turn * (dout[at] * out[at + k] - dout[at + k] * out[at]);
  };
  if (din)
    each_row(rows, 4.0 * n * k, [&](std::ptrdiff_t r) {
      for (int i = 0; i < n; ++i)
        din[r * n + i] = sum_of(k, [&](int j) { return slope(r * n + i, j) * frequencies[i * k + j]; });
    });
  if (!dfrequencies) return;
  parallel(n, 4.0 * rows * n * k, [&](std::ptrdiff_t i) {
    for (std::ptrdiff_t r = 0; r < rows; ++r)
      for (int j = 0; j < k; ++j) dfrequencies[i * k + j] += slope(r * n + i, j) * in[r * n + i];
  });
}

void piecewise_linear(const Real* in, int rows, int n, const Real* edges, int bins, Real* out) {
  each_row(rows, 4.0 * n * bins, [&](std::ptrdiff_t r) {
    for (int i = 0; i < n; ++i) {
      const Real x = in[r * n + i];
      const Real* edge = edges + std::ptrdiff_t{i} * (bins + 1);
      Real* y = out + (r * n + i) * bins;
      for (int b = 0; b < bins; ++b) {
        const Real width = edge[b + 1] - edge[b];
        Real share = width > 0 ? (x - edge[b]) / width : Real(x >= edge[b]);
        if (b > 0) share = std::max(share, Real{0});
        if (b + 1 < bins) share = std::min(share, Real{1});
        y[b] = share;
      }
    }
  });
}

void piecewise_linear_backward(const Real* in, const Real* dout, int rows, int n, const Real* edges, int bins,
                               Real* din) {
  each_row(rows, 4.0 * n * bins, [&](std::ptrdiff_t r) {
    for (int i = 0; i < n; ++i) {
      const Real x = in[r * n + i];
      const Real* edge = edges + std::ptrdiff_t{i} * (bins + 1);
      const Real* dy = dout + (r * n + i) * bins;
      Real slope = 0;
      for (int b = 0; b < bins; ++b) {
        const Real width = edge[b + 1] - edge[b];
        const bool inside = (b == 0 || x > edge[b]) && (b + 1 == bins || x < edge[b + 1]);
        if (inside && width > 0) slope += dy[b] / width;
      }
      din[r * n + i] = slope;
    }
  });
}

void quantile_edges(const Real* in, int rows, int n, int bins, Real* edges) {
  std::vector<Real> column(static_cast<std::size_t>(rows));
  for (int i = 0; i < n; ++i) {
    for (std::ptrdiff_t r = 0; r < rows; ++r) column[static_cast<std::size_t>(r)] = in[r * n + i];
    std::sort(column.begin(), column.end());
    for (int b = 0; b <= bins; ++b) {
      const double at = static_cast<double>(rows - 1) * b / bins;
      const auto below = static_cast<std::size_t>(at), above = std::min(below + 1, column.size() - 1);
      const double low = static_cast<double>(column[below]), high = static_cast<double>(column[above]);
      edges[std::ptrdiff_t{i} * (bins + 1) + b] =
          static_cast<Real>(low + (at - static_cast<double>(below)) * (high - low));
    }
  }
}

}  // namespace bpnet::math
