#include "math/rowloss.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "math/functions.hpp"
#include "math/map.hpp"
#include "math/row_sums.hpp"

namespace bpnet::math {

namespace {

constexpr int most_rows = 256;

/// `rule(i, loss, slope, weight)` says whether row i counts and what it comes to, by selections instead of
/// branches. At most most_rows rows.
template <class Rule>
BPNET_CLONES void row_loss_tile(const Rule* given, int begin, int rows, const Real* row_weights,
                                Real* gradient, RowSums* sums) {
  const Rule rule = *given;
  Real loss[most_rows], slope[most_rows], weight[most_rows];
  for (int i = 0; i < rows; ++i) weight[i] = row_weights ? row_weights[begin + i] : Real{1};
  for (int i = 0; i < rows; ++i) {
    Real row_loss = 0, row_slope = 0, row_weight = 1;
    const bool counts = rule(begin + i, row_loss, row_slope, row_weight);
    const Real w = weight[i];
    loss[i] = counts ? w * row_loss : Real{0};
    slope[i] = counts ? w * row_slope : Real{0};
    weight[i] = counts ? w * row_weight : Real{0};
  }
  *sums += {sum_of(rows, [&](int i) { return static_cast<double>(loss[i]); }),
            sum_of(rows, [&](int i) { return static_cast<double>(weight[i]); })};
  if (gradient) std::copy_n(slope, rows, gradient + begin);
}

template <class Rule>
RowSums row_loss(const Rule& rule, int rows, const Real* row_weights, Real* gradient) {
  return sum_rows(rows, 1024, 8.0 * rows, [&](int begin, int count) {
    RowSums sums;
    for (int r = begin; r < begin + count; r += most_rows)
      row_loss_tile(&rule, r, std::min(most_rows, begin + count - r), row_weights, gradient, &sums);
    return sums;
  });
}

struct Sigmoid {
  Real value(Real x) const { return sigmoid(x); }
};

}  // namespace

void sigmoid(const Real* logits, int n, Real* out) {
  map(Sigmoid{}, logits, static_cast<std::size_t>(n), out);
}

RowSums binary_cross_entropy(const Real* logits, int rows, const std::int32_t* classes,
                             const Real* row_weights, const ClassTarget& target, Real* gradient) {
  const Real* w = target.class_weights;
  const Real w0 = w ? w[0] : Real{1}, w1 = w ? w[1] : Real{1};
  const Real half = target.smoothing / 2, own = 1 - target.smoothing;
  const auto rule = [=](int r, Real& loss, Real& slope, Real& weight) {
    const Real z = logits[r];
    const bool one = classes[r] > 0;
    const Real q0 = w0 * (half + (one ? Real{0} : own)), q1 = w1 * (half + (one ? own : Real{0}));
    const Real e = exp_up_to_88(-std::abs(z));  // of the two exponentials the one that cannot overflow
    const Real tail = log1p(e);
    loss = q0 * (tail + (z > 0 ? z : Real{0})) + q1 * (tail + (z > 0 ? Real{0} : -z));
    const Real p = (z > 0 ? Real{1} : e) / (1 + e);
    slope = (q0 + q1) * p - q1;
    weight = one ? w1 : w0;
    return classes[r] >= 0;
  };
  return row_loss(rule, rows, row_weights, gradient);
}

RowSums squared_error(const Real* predictions, int rows, const Real* values, const Real* row_weights,
                      Real* gradient) {
  const auto rule = [=](int r, Real& loss, Real& slope, Real&) {
    const Real d = predictions[r] - values[r];
    loss = d * d;
    slope = 2 * d;
    return values[r] == values[r];
  };
  return row_loss(rule, rows, row_weights, gradient);
}

RowSums absolute_error(const Real* predictions, int rows, const Real* values, const Real* row_weights,
                       Real* gradient) {
  const auto rule = [=](int r, Real& loss, Real& slope, Real&) {
    const Real d = predictions[r] - values[r];
    loss = std::abs(d);
    slope = d == 0 ? d : std::copysign(Real{1}, d);
    return values[r] == values[r];
  };
  return row_loss(rule, rows, row_weights, gradient);
}

RowSums huber_error(const Real* predictions, int rows, const Real* values, const Real* row_weights,
                    Real delta, Real* gradient) {
  const auto rule = [=](int r, Real& loss, Real& slope, Real&) {
    const Real d = predictions[r] - values[r], size = std::abs(d);
    const bool inside = size <= delta;
    loss = inside ? d * d / 2 : delta * (size - delta / 2);
    slope = inside ? d : std::copysign(delta, d);
    return values[r] == values[r];
  };
  return row_loss(rule, rows, row_weights, gradient);
}

RowSums log_cosh_error(const Real* predictions, int rows, const Real* values, const Real* row_weights,
                       Real* gradient) {
  const auto rule = [=](int r, Real& loss, Real& slope, Real&) {
    const Real d = predictions[r] - values[r], size = std::abs(d);
    const Real e = exp_up_to_88(-2 * size);
    loss = size + log1p(e) - std::numbers::ln2_v<Real>;
    slope = std::copysign((1 - e) / (1 + e), d);
    return values[r] == values[r];
  };
  return row_loss(rule, rows, row_weights, gradient);
}

RowSums poisson_error(const Real* logarithms, int rows, const Real* values, const Real* row_weights,
                      Real* gradient) {
  const auto rule = [=](int r, Real& loss, Real& slope, Real&) {
    const Real rate = exp(logarithms[r]);
    loss = rate - values[r] * logarithms[r];
    slope = rate - values[r];
    return values[r] == values[r];
  };
  return row_loss(rule, rows, row_weights, gradient);
}

}  // namespace bpnet::math
