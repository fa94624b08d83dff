#include "math/rowloss_several.hpp"

#include <algorithm>
#include <cmath>

#include "math/functions.hpp"
#include "math/map.hpp"
#include "math/row_sums.hpp"

namespace bpnet::math {

namespace {

/// `rule(row, own gradient or null, weight)` returns the loss of a row that counts, `counts(row)` whether it
/// does.
template <class Counts, class Rule>
RowSums each_row(int rows, int width, const Real* row_weights, Real* gradient, Counts counts, Rule rule) {
  return sum_rows(rows, 64, 16.0 * rows * width, [&](int begin, int count) {
    RowSums sums;
    for (int r = begin; r < begin + count; ++r) {
      Real* slopes = gradient ? gradient + std::ptrdiff_t{r} * width : nullptr;
      if (!counts(r)) {
        if (slopes) std::fill_n(slopes, width, Real{0});
        continue;
      }
      Real weight = row_weights ? row_weights[r] : Real{1};
      const Real loss = rule(r, slopes, weight);
      sums.loss += static_cast<double>(weight * loss);
      sums.weight += static_cast<double>(weight);
      if (slopes)
        for (int c = 0; c < width; ++c) slopes[c] *= weight;
    }
    return sums;
  });
}

/// Losses of classes: `rule(z, classes, own, slopes or null)` on a row's outputs. One output stands for the
/// two outputs (0, output).
template <class Rule>
RowSums each_classified(const Real* outputs, int rows, int width, const std::int32_t* classes,
                        const Real* row_weights, const Real* class_weights, Real* gradient, Rule rule) {
  const auto counts = [=](int r) { return classes[r] >= 0; };
  return each_row(rows, width, row_weights, gradient, counts, [&](int r, Real* slopes, Real& weight) {
    const Real* z = outputs + std::ptrdiff_t{r} * width;
    const int own = classes[r];
    if (class_weights) weight *= class_weights[own];
    if (width > 1) return rule(z, width, own, slopes);
    const Real both[2] = {0, z[0]};
    Real two[2];
    const Real loss = rule(both, 2, own, slopes ? two : nullptr);
    if (slopes) slopes[0] = two[1];
    return loss;
  });
}

}  // namespace

Real variance(Real x) { return softplus(x) + Real(1e-6); }

RowSums quantile_error(const Real* predictions, int rows, std::span<const Real> levels, const Real* values,
                       const Real* row_weights, Real* gradient) {
  const int width = static_cast<int>(levels.size());
  const Real share = 1 / static_cast<Real>(width);
  const auto counts = [=](int r) { return values[r] == values[r]; };
  return each_row(rows, width, row_weights, gradient, counts, [&](int r, Real* slopes, Real&) {
    const Real* answers = predictions + std::ptrdiff_t{r} * width;
    Real loss = 0;
    for (int q = 0; q < width; ++q) {
      const Real level = levels[static_cast<std::size_t>(q)], d = values[r] - answers[q];
      const Real slope = d > 0 ? level : d < 0 ? level - 1 : d;
      loss += slope * d;
      if (slopes) slopes[q] = -slope * share;
    }
    return loss * share;
  });
}

RowSums gaussian_error(const Real* outputs, int rows, const Real* values, const Real* row_weights,
                       Real* gradient) {
  const auto counts = [=](int r) { return values[r] == values[r]; };
  return each_row(rows, 2, row_weights, gradient, counts, [=](int r, Real* slopes, Real&) {
    const Real d = outputs[2 * r] - values[r], raw = outputs[2 * r + 1], v = variance(raw);
    if (slopes) {
      slopes[0] = d / v;
      slopes[1] = (1 - d * d / v) / (2 * v) * sigmoid(raw);
    }
    return (log(v) + d * d / v) / 2;
  });
}

RowSums focal_error(const Real* logits, int rows, int width, const std::int32_t* classes,
                    const Real* row_weights, const Real* class_weights, Real gamma, Real* gradient) {
  const auto rule = [=](const Real* z, int n, int own, Real* slopes) {
    const Real top = *std::max_element(z, z + n);
    Real others = 0;
    for (int c = 0; c < n; ++c) others += c == own ? Real{0} : exp_up_to_88(z[c] - top);
    const Real sum = others + exp_up_to_88(z[own] - top),
               rest = others / sum;  // rest: 1 - p, without cancellation
    const Real log_p = z[own] - top - log(sum), damped = std::pow(rest, gamma);
    if (slopes) {
      // d loss / d log(p), which is gamma * p * (1 - p)^(gamma - 1) * log(p) - (1 - p)^gamma; where 1 - p is
      // 0, so is it.
      const Real bend = rest > 0 ? gamma * (1 - rest) * damped * log_p / rest - damped : Real{0};
      for (int c = 0; c < n; ++c) slopes[c] = -bend * exp_up_to_88(z[c] - top) / sum;
      slopes[own] = bend * rest;
    }
    return -damped * log_p;
  };
  return each_classified(logits, rows, width, classes, row_weights, class_weights, gradient, rule);
}

RowSums hinge_error(const Real* outputs, int rows, int width, const std::int32_t* classes,
                    const Real* row_weights, const Real* class_weights, Real margin, bool squared,
                    Real* gradient) {
  const auto rule = [=](const Real* z, int n, int own, Real* slopes) {
    const Real share = 1 / static_cast<Real>(n - 1);
    Real loss = 0, pull = 0;
    for (int c = 0; c < n; ++c) {
      const Real lack = c == own ? Real{0} : std::max(Real{0}, margin - z[own] + z[c]);
      loss += squared ? lack * lack : lack;
      const Real slope = share * (squared ? 2 * lack : lack > 0 ? Real{1} : Real{0});
      pull += slope;
      if (slopes) slopes[c] = slope;
    }
    if (slopes) slopes[own] = -pull;
    return loss * share;
  };
  return each_classified(outputs, rows, width, classes, row_weights, class_weights, gradient, rule);
}

RowSums cosine_error(const Real* outputs, int rows, int width, const std::int32_t* classes,
                     const Real* row_weights, const Real* class_weights, Real* gradient) {
  const auto rule = [=](const Real* z, int n, int own, Real* slopes) {
    Real squares = 0;
    for (int c = 0; c < n; ++c) squares += z[c] * z[c];
    const Real length = std::max(std::sqrt(squares), Real(1e-8)), cosine = z[own] / length;
    if (slopes) {
      for (int c = 0; c < n; ++c) slopes[c] = cosine * z[c] / (length * length);
      slopes[own] -= 1 / length;
    }
    return 1 - cosine;
  };
  return each_classified(outputs, rows, width, classes, row_weights, class_weights, gradient, rule);
}

}  // namespace bpnet::math
