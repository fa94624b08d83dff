#include "math/softmax.hpp"

#include <algorithm>
#include <cmath>

#include "math/functions.hpp"
#include "math/map.hpp"
#include "math/row_sums.hpp"

namespace bpnet::math {

namespace {

constexpr int narrow = 16;  // up to this width, rows are the lanes of vectors

struct CrossEntropy {
  const Real* logits;
  int width;
  const std::int32_t* classes;
  const Real* row_weights;
  Real* gradient;
  Real smoothing;
  const Real* class_weights;
};

inline Real weight_of(const Real* class_weights, int c) { return class_weights ? class_weights[c] : Real{1}; }

/// Numbers of up to 64 rows, column by column: loops over rows become vector code.
constexpr int most_rows = 64;
using Columns = Real[narrow][most_rows];

inline void load_columns(const Real* in, int rows, int width, Columns z) {
  for (int c = 0; c < width; ++c)
    for (int i = 0; i < rows; ++i) z[c][i] = in[i * width + c];
}

inline void store_columns(const Columns z, int rows, int width, Real* out) {
  for (int c = 0; c < width; ++c)
    for (int i = 0; i < rows; ++i) out[i * width + c] = z[c][i];
}

/// z becomes z - greatest of its row, e its exponentials, sum their sums.
inline void exponentials(int rows, int width, Columns z, Columns e, Real* sum) {
  Real top[most_rows];
  for (int i = 0; i < rows; ++i) top[i] = z[0][i];
  for (int c = 1; c < width; ++c)
    for (int i = 0; i < rows; ++i) top[i] = top[i] > z[c][i] ? top[i] : z[c][i];
  for (int i = 0; i < rows; ++i) sum[i] = 0;
  for (int c = 0; c < width; ++c)
    for (int i = 0; i < rows; ++i) {
      z[c][i] -= top[i];
      e[c][i] = exp_up_to_88(z[c][i]);
      sum[i] += e[c][i];
    }
}

BPNET_CLONES void softmax_narrow(const Real* logits, int rows, int width, Real* out) {
  Columns z, e;
  Real sum[most_rows];
  load_columns(logits, rows, width, z);
  exponentials(rows, width, z, e, sum);
  for (int c = 0; c < width; ++c)
    for (int i = 0; i < rows; ++i) z[c][i] = e[c][i] / sum[i];
  store_columns(z, rows, width, out);
}

/// Sum of exp(z - top); the exponentials go to `out` unless it is null.
inline Real sum_of_exponentials(const Real* z, Real top, int n, Real* out) {
  constexpr int piece = 256;
  Real e[piece], sum = 0;
  for (int begin = 0; begin < n; begin += piece) {
    const int count = std::min(piece, n - begin);
    for (int i = 0; i < count; ++i) e[i] = exp_up_to_88(z[begin + i] - top);
    sum += sum_of(count, [&](int i) { return e[i]; });
    if (out) std::copy_n(e, count, out + begin);
  }
  return sum;
}

BPNET_CLONES void softmax_wide(const Real* logits, int rows, int width, Real* out) {
  for (int r = 0; r < rows; ++r, logits += width, out += width) {
    const Real top = max_of(width, logits);
    const Real factor = 1 / sum_of_exponentials(logits, top, width, out);
    for (int c = 0; c < width; ++c) out[c] *= factor;
  }
}

BPNET_CLONES void softmax_slopes(const Real* out, const Real* dout, int rows, int width, Real* din) {
  for (int r = 0; r < rows; ++r, out += width, dout += width, din += width) {
    const Real along = sum_of(width, [&](int c) { return out[c] * dout[c]; });
    for (int c = 0; c < width; ++c) din[c] = out[c] * (dout[c] - along);
  }
}

BPNET_CLONES Real exponentials_less(const Real* row, Real top, int width) {
  return sum_of(width, [&](int i) { return exp_up_to_88(row[i] - top); });
}

BPNET_CLONES void cross_entropy_narrow(const CrossEntropy* job, int begin, int rows, RowSums* sums) {
  const CrossEntropy b = *job;
  const Real evenly = b.smoothing / static_cast<Real>(b.width), own = 1 - b.smoothing;
  const std::int32_t* classes = b.classes + begin;
  Columns z, e;
  Real sum[most_rows], total[most_rows], dot[most_rows], weight[most_rows], counted[most_rows];
  load_columns(b.logits + std::ptrdiff_t{begin} * b.width, rows, b.width, z);
  exponentials(rows, b.width, z, e, sum);
  for (int i = 0; i < rows; ++i) {
    weight[i] = b.row_weights ? b.row_weights[begin + i] : Real{1};
    total[i] = dot[i] = counted[i] = 0;
  }
  for (int c = 0; c < b.width; ++c) {
    const Real w = weight_of(b.class_weights, c);
    for (int i = 0; i < rows; ++i) {
      const Real q = w * (evenly + (classes[i] == c ? own : Real{0}));
      total[i] += q;
      dot[i] += q * z[c][i];
      counted[i] += classes[i] == c ? w : Real{0};
    }
  }
  for (int i = 0; i < rows; ++i) {
    const Real loss = weight[i] * (total[i] * log(sum[i]) - dot[i]);
    dot[i] = classes[i] < 0 ? Real{0} : loss;
    counted[i] *= weight[i];
  }
  *sums = {sum_of(rows, [&](int i) { return static_cast<double>(dot[i]); }),
           sum_of(rows, [&](int i) { return static_cast<double>(counted[i]); })};
  if (!b.gradient) return;
  for (int i = 0; i < rows; ++i) sum[i] = total[i] / sum[i];
  for (int c = 0; c < b.width; ++c) {
    const Real w = weight_of(b.class_weights, c);
    for (int i = 0; i < rows; ++i) {
      const Real q = w * (evenly + (classes[i] == c ? own : Real{0}));
      const Real slope = weight[i] * (sum[i] * e[c][i] - q);
      z[c][i] = classes[i] < 0 ? Real{0} : slope;
    }
  }
  store_columns(z, rows, b.width, b.gradient + std::ptrdiff_t{begin} * b.width);
}

BPNET_CLONES void cross_entropy_wide(const CrossEntropy* job, int begin, int rows, RowSums* sums) {
  const CrossEntropy b = *job;
  const Real evenly = b.smoothing / static_cast<Real>(b.width);
  const auto w = [&](int c) { return weight_of(b.class_weights, c); };
  const Real weights_evenly = evenly == 0 ? Real{0} : evenly * sum_of(b.width, w);
  RowSums all;
  for (int r = begin; r < begin + rows; ++r) {
    const Real* z = b.logits + std::ptrdiff_t{r} * b.width;
    Real* gradient = b.gradient ? b.gradient + std::ptrdiff_t{r} * b.width : nullptr;
    const int own = b.classes[r];
    if (own < 0) {
      if (gradient) std::fill_n(gradient, b.width, Real{0});
      continue;
    }
    const Real top = max_of(b.width, z), on_own = w(own) * (1 - b.smoothing);
    const Real weight = b.row_weights ? b.row_weights[r] : Real{1};
    Real dot = on_own * (z[own] - top);
    if (evenly != 0) dot += evenly * sum_of(b.width, [&](int c) { return w(c) * (z[c] - top); });
    const Real sum = sum_of_exponentials(z, top, b.width, gradient);
    const Real total = on_own + weights_evenly;
    all.loss += static_cast<double>(weight * (total * log(sum) - dot));
    all.weight += static_cast<double>(weight * w(own));
    if (!gradient) continue;
    const Real factor = weight * total / sum, share = weight * evenly;
    if (evenly == 0)
      for (int c = 0; c < b.width; ++c) gradient[c] *= factor;
    else
      for (int c = 0; c < b.width; ++c) gradient[c] = gradient[c] * factor - share * w(c);
    gradient[own] -= weight * on_own;
  }
  *sums = all;
}

/// Calls f(begin, count) for stretches that fit into Columns.
template <class F>
void in_chunks(int begin, int rows, F f) {
  for (int r = 0; r < rows; r += most_rows) f(begin + r, std::min(most_rows, rows - r));
}

}  // namespace

void softmax_backward(const Real* out, const Real* dout, int rows, int width, Real* din) {
  const Stretches stretches(rows, 16);
  parallel(stretches.count, 4.0 * rows * width, [&](std::ptrdiff_t t) {
    const std::ptrdiff_t begin = std::ptrdiff_t{stretches.begin(t)} * width;
    softmax_slopes(out + begin, dout + begin, stretches.size(t), width, din + begin);
  });
}

double log_sum_exp(const Real* row, int width) {
  const Real top = *std::max_element(row, row + width);
  return static_cast<double>(top) + std::log(static_cast<double>(exponentials_less(row, top, width)));
}

void softmax(const Real* logits, int rows, int width, Real* out) {
  const Stretches stretches(rows, most_rows);
  parallel(stretches.count, 16.0 * rows * width, [&](std::ptrdiff_t t) {
    in_chunks(stretches.begin(t), stretches.size(t), [&](int begin, int count) {
      const std::ptrdiff_t at = std::ptrdiff_t{begin} * width;
      if (width <= narrow)
        softmax_narrow(logits + at, count, width, out + at);
      else
        softmax_wide(logits + at, count, width, out + at);
    });
  });
}

RowSums softmax_cross_entropy(const Real* logits, int rows, int width, const std::int32_t* classes,
                              const Real* row_weights, const ClassTarget& target, Real* gradient) {
  const CrossEntropy job = {
      logits, width, classes, row_weights, gradient, target.smoothing, target.class_weights};
  return sum_rows(rows, most_rows, 16.0 * rows * width, [&](int first, int all) {
    RowSums sums;
    in_chunks(first, all, [&](int begin, int count) {
      RowSums chunk;
      if (width <= narrow)
        cross_entropy_narrow(&job, begin, count, &chunk);
      else
        cross_entropy_wide(&job, begin, count, &chunk);
      sums += chunk;
    });
    return sums;
  });
}

}  // namespace bpnet::math
