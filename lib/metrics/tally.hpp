#pragma once
// Metrics made from a struct of sums, S, with
//   void add(const Judged& batch);  void merge(const S& other);  double value() const;  void clear();
// and, unless S is nothing but sums in double,
//   std::vector<double> state() const;  void restore(std::span<const double> state);

#include <cassert>
#include <cstring>
#include <memory>
#include <type_traits>
#include <utility>

#include "metrics/metric.hpp"

namespace bpnet {

template <class S>
class TallyOf final : public Tally {
 public:
  explicit TallyOf(S empty) : sums_(std::move(empty)) {}
  void add(const Judged& batch) override { sums_.add(batch); }
  void merge(const Tally& other) override { sums_.merge(static_cast<const TallyOf&>(other).sums_); }
  double value() const override { return sums_.value(); }
  void clear() override { sums_.clear(); }
  std::vector<double> state() const override {
    if constexpr (!requires { sums_.state(); }) {
      static_assert(std::is_trivially_copyable_v<S>);
      static_assert(sizeof(S) % sizeof(double) == 0);
      std::vector<double> state(sizeof(S) / sizeof(double));
      std::memcpy(state.data(), &sums_, sizeof(S));
      return state;
    } else {
      return sums_.state();
    }
  }
  void restore(std::span<const double> state) override {
    if constexpr (!requires { sums_.restore(state); }) {
      assert(state.size_bytes() == sizeof(S));
      std::memcpy(static_cast<void*>(&sums_), state.data(), sizeof(S));
    } else {
      sums_.restore(state);
    }
  }

 private:
  S sums_;
};

template <class S>
std::unique_ptr<Tally> tally_of(S empty) {
  return std::make_unique<TallyOf<S>>(std::move(empty));
}

/// A weighted mean, for sums that add one number a row.
struct Mean {
  double sum = 0, weight = 0;
  void add_row(double x, double row_weight) {
    sum += row_weight * x;
    weight += row_weight;
  }
  void merge(const Mean& other) {
    sum += other.sum;
    weight += other.weight;
  }
  double value() const { return sum / weight; }
  void clear() { *this = {}; }
};

struct ClassMetric : Metric {
  std::string objection(const TargetKind& target) const override;
};
struct NumberMetric : Metric {
  std::string objection(const TargetKind& target) const override;
};

struct TextMetric : Metric {
  std::string objection(const TargetKind& target) const override;
  bool reads_texts() const override { return true; }
};

/// Calls f(row, class, weight) for each row with a class.
template <class F>
void each_classified(const Judged& batch, F f) {
  for (std::size_t i = 0; i < static_cast<std::size_t>(batch.rows); ++i)
    if (batch.classes[i] >= 0)
      f(i, static_cast<std::size_t>(batch.classes[i]), batch.weights.empty() ? 1.0 : batch.weights[i]);
}

/// Calls f(answer, value, weight), less the origin, for each row with a value: the point answer, or all
/// answers of the row if f takes a span.
template <class F>
void each_valued(const Judged& batch, F f) {
  const auto width = static_cast<std::size_t>(batch.width);
  for (std::size_t i = 0; i < static_cast<std::size_t>(batch.rows); ++i) {
    if (batch.values[i] != batch.values[i]) continue;
    const double value = static_cast<double>(batch.values[i]),
                 weight = batch.weights.empty() ? 1.0 : batch.weights[i];
    if constexpr (std::is_invocable_v<F, std::span<const Real>, double, double>)
      f(batch.answers.subspan(i * width, width), value, weight);
    else
      f(static_cast<double>(batch.answers[i * width]), value, weight);
  }
}

}  // namespace bpnet
