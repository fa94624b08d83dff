#include "math/softmax.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "math/functions.hpp"
#include "math/map.hpp"
#include "math/reduce.hpp"
#include "math/threads.hpp"

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

/// Numbers of `lanes` rows, column by column.
using Columns = Real[narrow][lanes];

inline void load_columns(const Real* in, int rows, int width, Columns z) {
  for (int c = 0; c < width; ++c)
    for (int i = 0; i < lanes; ++i) z[c][i] = in[std::min(i, rows - 1) * width + c];
}

inline void store_columns(const Columns z, int rows, int width, Real* out) {
  for (int i = 0; i < rows; ++i)
    for (int c = 0; c < width; ++c) out[i * width + c] = z[c][i];
}

/// z becomes z - greatest of its row, e its exponentials, sum their sums.
inline void exponentials(int width, Columns z, Columns e, Real* sum) {
  Real top[lanes];
  for (int i = 0; i < lanes; ++i) top[i] = z[0][i];
  for (int c = 1; c < width; ++c)
    for (int i = 0; i < lanes; ++i) top[i] = top[i] > z[c][i] ? top[i] : z[c][i];
  for (int i = 0; i < lanes; ++i) sum[i] = 0;
  for (int c = 0; c < width; ++c)
    for (int i = 0; i < lanes; ++i) {
      z[c][i] -= top[i];
      e[c][i] = exp(z[c][i]);
      sum[i] += e[c][i];
    }
}

BPNET_CLONES void softmax_narrow(const Real* logits, int rows, int width, Real* out) {
  Columns z, e;
  Real sum[lanes];
  for (int r = 0; r < rows; r += lanes, logits += lanes * width, out += lanes * width) {
    const int count = std::min(lanes, rows - r);
    load_columns(logits, count, width, z);
    exponentials(width, z, e, sum);
    for (int c = 0; c < width; ++c)
      for (int i = 0; i < lanes; ++i) z[c][i] = e[c][i] / sum[i];
    store_columns(z, count, width, out);
  }
}

BPNET_CLONES void softmax_wide(const Real* logits, int rows, int width, Real* out) {
  for (int r = 0; r < rows; ++r, logits += width, out += width) {
    const Real top = max_of(width, logits);
    const Real sum = sum_of(width, [&](int c) { return out[c] = exp(logits[c] - top); });
    const Real factor = 1 / sum;
    for (int c = 0; c < width; ++c) out[c] *= factor;
  }
}

BPNET_CLONES void cross_entropy_narrow(const CrossEntropy* job, int begin, int rows, RowSums* sums) {
  const CrossEntropy b = *job;
  const Real evenly = b.smoothing / static_cast<Real>(b.width);
  Columns z, e;
  Real sum[lanes], total[lanes], dot[lanes], weight[lanes];
  std::int32_t classes[lanes];
  Real class_weights[narrow];
  for (int c = 0; c < b.width; ++c) class_weights[c] = weight_of(b.class_weights, c);
  double loss_sum[lanes] = {}, weight_sum[lanes] = {};
  for (int r = begin; r < begin + rows; r += lanes) {
    const int count = std::min(lanes, begin + rows - r);
    load_columns(b.logits + std::ptrdiff_t{r} * b.width, count, b.width, z);
    for (int i = 0; i < lanes; ++i) classes[i] = i < count ? b.classes[r + i] : -1;
    for (int i = 0; i < lanes; ++i) weight[i] = b.row_weights && i < count ? b.row_weights[r + i] : Real{1};
    exponentials(b.width, z, e, sum);
    for (int i = 0; i < lanes; ++i) total[i] = dot[i] = 0;
    for (int c = 0; c < b.width; ++c)
      for (int i = 0; i < lanes; ++i) {
        const Real q = class_weights[c] * ((classes[i] == c ? 1 - b.smoothing : Real{0}) + evenly);
        total[i] += q;
        dot[i] += q * z[c][i];
      }
    for (int i = 0; i < lanes; ++i) {
      const Real loss = weight[i] * (total[i] * log(sum[i]) - dot[i]);
      loss_sum[i] += static_cast<double>(classes[i] < 0 ? Real{0} : loss);
    }
    for (int i = 0; i < count; ++i)
      weight_sum[i] += classes[i] < 0 ? 0 : static_cast<double>(weight[i] * class_weights[classes[i]]);
    if (!b.gradient) continue;
    for (int i = 0; i < lanes; ++i) total[i] /= sum[i];
    for (int c = 0; c < b.width; ++c)
      for (int i = 0; i < lanes; ++i) {
        const Real q = class_weights[c] * ((classes[i] == c ? 1 - b.smoothing : Real{0}) + evenly);
        const Real slope = weight[i] * (total[i] * e[c][i] - q);
        z[c][i] = classes[i] < 0 ? Real{0} : slope;
      }
    store_columns(z, count, b.width, b.gradient + std::ptrdiff_t{r} * b.width);
  }
  *sums = {sum_of(lanes, [&](int i) { return loss_sum[i]; }), sum_of(lanes, [&](int i) { return weight_sum[i]; })};
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
    const Real sum = gradient ? sum_of(b.width, [&](int c) { return gradient[c] = exp(z[c] - top); })
                              : sum_of(b.width, [&](int c) { return exp(z[c] - top); });
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

}  // namespace

void softmax(const Real* logits, int rows, int width, Real* out) {
  const Stretches stretches(rows, 64);
  parallel(stretches.count, 16.0 * rows * width, [&](std::ptrdiff_t t) {
    const std::ptrdiff_t at = std::ptrdiff_t{stretches.begin(t)} * width;
    if (width <= narrow)
      softmax_narrow(logits + at, stretches.size(t), width, out + at);
    else
      softmax_wide(logits + at, stretches.size(t), width, out + at);
  });
}

RowSums softmax_cross_entropy(const Real* logits, int rows, int width, const std::int32_t* classes,
                              const Real* row_weights, const ClassTarget& target, Real* gradient) {
  const CrossEntropy job = {logits, width, classes, row_weights, gradient, target.smoothing, target.class_weights};
  const Stretches stretches(rows, 64);
  std::array<RowSums, Stretches::most> part;
  parallel(stretches.count, 16.0 * rows * width, [&](std::ptrdiff_t t) {
    RowSums* sums = &part[static_cast<std::size_t>(t)];
    if (width <= narrow)
      cross_entropy_narrow(&job, stretches.begin(t), stretches.size(t), sums);
    else
      cross_entropy_wide(&job, stretches.begin(t), stretches.size(t), sums);
  });
  RowSums sums;
  for (int t = 0; t < stretches.count; ++t) {
    sums.loss += part[static_cast<std::size_t>(t)].loss;
    sums.weight += part[static_cast<std::size_t>(t)].weight;
  }
  return sums;
}

}  // namespace bpnet::math
