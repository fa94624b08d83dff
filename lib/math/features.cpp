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

/// A product's arrays; those that a kernel does not look at are null.
struct Product {
  std::span<const int> ends;
  int units, columns, out_width;
  const Real *in, *weight, *bias, *dout;
  Real *out, *din, *dweight, *dbias;
  int begin_of(int feature) const { return feature == 0 ? 0 : ends[static_cast<std::size_t>(feature) - 1]; }
  int end_of(int feature) const { return ends[static_cast<std::size_t>(feature)]; }
  int features() const { return static_cast<int>(ends.size()); }
};

Product product_of(const FeatureProduct& shape, int out_width) {
  Product p = {};
  p.ends = shape.ends;
  p.units = shape.units;
  p.columns = shape.columns();
  p.out_width = out_width;
  return p;
}

/// Calls f(first, count) for each block of units. Kernels compute `lanes` of them and read behind the last
/// one.
template <class F>
inline void each_block(int units, F f) {
  for (int u = 0; u < units; u += lanes) f(u, std::min(lanes, units - u));
}

BPNET_CLONES void product_tile(const Product* given, int first, int count) {
  const Product p = *given;
  for (std::ptrdiff_t r = first; r < first + count; ++r) {
    const Real* x = p.in + r * p.columns;
    for (int g = 0; g < p.features(); ++g)
      each_block(p.units, [&](int u, int wanted) {
        const std::ptrdiff_t at = std::ptrdiff_t{g} * p.units + u;
        Real sum[lanes];
        for (int j = 0; j < lanes; ++j) sum[j] = p.bias[at + j];
        for (int c = p.begin_of(g); c < p.end_of(g); ++c) {
          if (x[c] == 0) continue;  // most columns of categories
          const Real* w = p.weight + std::ptrdiff_t{c} * p.units + u;
          for (int j = 0; j < lanes; ++j) sum[j] += x[c] * w[j];
        }
        std::copy_n(sum, wanted, p.out + r * p.out_width + at);
      });
  }
}

BPNET_CLONES void product_inputs_tile(const Product* given, int first, int count) {
  const Product p = *given;
  for (std::ptrdiff_t r = first; r < first + count; ++r) {
    const Real* dy = p.dout + r * p.out_width;
    for (int g = 0; g < p.features(); ++g, dy += p.units)
      for (int c = p.begin_of(g); c < p.end_of(g); ++c) {
        const Real* w = p.weight + std::ptrdiff_t{c} * p.units;
        p.din[r * p.columns + c] = sum_of(p.units, [&](int u) { return w[u] * dy[u]; });
      }
  }
}

/// out (units) += sum over rows of x(row) * dout, of feature g.
template <class X>
inline void add_products(const Product& p, int rows, int g, X x, Real* out) {
  each_block(p.units, [&](int u, int wanted) {
    const Real* dy = p.dout + std::ptrdiff_t{g} * p.units + u;
    Real sum[lanes] = {};
    for (std::ptrdiff_t r = 0; r < rows; ++r, dy += p.out_width) {
      const Real factor = x(r);
      for (int j = 0; j < lanes; ++j) sum[j] += factor * dy[j];
    }
    for (int j = 0; j < wanted; ++j) out[u + j] += sum[j];
  });
}

BPNET_CLONES void product_parameters_tile(const Product* given, int rows, int g) {
  const Product p = *given;
  if (p.dbias)
    add_products(
        p, rows, g, [](std::ptrdiff_t) { return Real{1}; }, p.dbias + std::ptrdiff_t{g} * p.units);
  if (!p.dweight) return;
  for (int c = p.begin_of(g); c < p.end_of(g); ++c)
    add_products(
        p, rows, g, [&](std::ptrdiff_t r) { return p.in[r * p.columns + c]; },
        p.dweight + std::ptrdiff_t{c} * p.units);
}

}  // namespace

void feature_product(const FeatureProduct& shape, const Real* in, int rows, const Real* weight,
                     const Real* bias, Real* out, int out_width) {
  Product p = product_of(shape, out_width);
  p.in = in;
  p.weight = weight;
  p.bias = bias;
  p.out = out;
  const Stretches stretches(rows, 16);
  parallel(stretches.count, static_cast<double>(rows) * p.columns * p.units,
           [&](std::ptrdiff_t t) { product_tile(&p, stretches.begin(t), stretches.size(t)); });
}

void feature_product_backward(const FeatureProduct& shape, const Real* in, const Real* dout, int out_width,
                              int rows, const Real* weight, Real* din, Real* dweight, Real* dbias) {
  Product p = product_of(shape, out_width);
  p.in = in;
  p.weight = weight;
  p.dout = dout;
  p.din = din;
  p.dweight = dweight;
  p.dbias = dbias;
  const double work = static_cast<double>(rows) * p.columns * p.units;
  const Stretches stretches(rows, 16);
  if (din)
    parallel(stretches.count, work,
             [&](std::ptrdiff_t t) { product_inputs_tile(&p, stretches.begin(t), stretches.size(t)); });
  // Threads share features: each adds its rows up in order.
  if (dweight || dbias)
    parallel(p.features(), work,
             [&](std::ptrdiff_t g) { product_parameters_tile(&p, rows, static_cast<int>(g)); });
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
