#include "train/regularise.hpp"

#include "math/elements.hpp"
#include "math/shorten.hpp"
#include "math/update.hpp"
#include "optimizers/ranges.hpp"

namespace bpnet {

namespace {

struct AddPull {
  Real l1, l2;
  void operator()(Real& gradient, Real w, Real (&)[1]) const {
    const Real sign = w > 0 ? Real{1} : w < 0 ? Real{-1} : Real{0};
    gradient += l1 * sign + l2 * w;
  }
};

struct NotBelowZero {
  void operator()(Real& w, Real, Real (&)[1]) const { w = w > 0 ? w : Real{0}; }
};

}  // namespace

void Penalty::add_to_gradients(const Weights& weights, double rows_weight) const {
  if (l1 == 0 && l2 == 0) return;
  each_range(weights.segments, 1, rows_weight, [&](const UpdateRange& r) {
    if (r.weight_decay == 0) return;
    math::update<0>(AddPull{static_cast<Real>(l1 * r.weight_decay), static_cast<Real>(l2 * r.weight_decay)},
                    weights.gradients.data() + r.begin, weights.values.data() + r.begin, {}, r.count);
  });
}

double Penalty::value(const Weights& weights) const {
  if (l1 == 0 && l2 == 0) return 0;
  double sum = 0;
  each_range(weights.segments, 1, 1, [&](const UpdateRange& r) {
    const Real* w = weights.values.data() + r.begin;
    if (l1 > 0) sum += l1 * r.weight_decay * math::sum_of_magnitudes(w, r.count);
    if (l2 > 0) sum += l2 / 2 * r.weight_decay * math::sum_of_squares(w, r.count);
  });
  return sum;
}

Bounding::Bounding(std::span<const Segment> segments) {
  for (const Segment& s : segments)
    if (!s.frozen && (s.max_norm > 0 || s.non_negative)) bounded_.push_back(s);
}

void Bounding::apply(std::span<Real> values) const {
  for (const Segment& s : bounded_) {
    Real* w = &values[s.begin];
    if (s.non_negative) math::update<0>(NotBelowZero{}, w, w, {}, s.size());
    if (s.max_norm <= 0) continue;
    const auto limit = static_cast<Real>(s.max_norm);
    const auto [count, in, out] = s.matrices();
    if (s.turned)
      for (int m = 0; m < count; ++m)
        math::shorten_slices(w + std::ptrdiff_t{m} * in * out, in / s.shape[-2], s.shape[-2], out, limit);
    else if (s.role == Role::embedding)
      math::shorten_rows(w, in, out, limit);
    else
      for (int m = 0; m < count; ++m) math::shorten_columns(w + std::ptrdiff_t{m} * in * out, in, out, limit);
  }
}

}  // namespace bpnet
