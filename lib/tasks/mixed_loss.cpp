#include "tasks/mixed_loss.hpp"

#include <algorithm>

#include "math/elements.hpp"

namespace bpnet {

namespace {

template <class T>
std::span<T> room(std::vector<T>& in, std::size_t size) {
  if (in.size() < size) in.resize(size);
  return std::span(in).first(size);
}

template <class T>
std::span<const T> reversed(std::span<const T> from, std::vector<T>& memory) {
  const auto to = room(memory, from.size());
  std::reverse_copy(from.begin(), from.end(), to.begin());
  return to;
}

}  // namespace

void MixedLoss::begin(std::span<const Real> shares, std::span<const Real> weights) {
  mixed_ = !shares.empty();
  rows_ = shares.size();
  const auto own = room(own_weights_, rows_), other = room(other_weights_, rows_);
  for (std::size_t i = 0; i < rows_; ++i) {
    own[i] = shares[i] * (weights.empty() ? 1 : weights[i]);
    other[i] = (1 - shares[i]) * (weights.empty() ? 1 : weights[rows_ - 1 - i]);
  }
}

LossSum MixedLoss::compute(const Loss& loss, const View& logits, const Truth& own, const View& gradient) {
  if (!mixed_) return loss.compute(logits, own, gradient);
  Truth truth{own.classes, own.values, std::span(own_weights_).first(rows_)};
  LossSum sum = loss.compute(logits, truth, gradient);
  truth = {reversed(own.classes, classes_), reversed(own.values, values_),
           std::span(other_weights_).first(rows_)};
  View more = gradient;
  if (gradient) more.data = reinterpret_cast<std::byte*>(room(gradient_, gradient.elements()).data());
  sum += loss.compute(logits, truth, more);
  if (gradient) math::add(gradient.reals(), more.reals(), gradient.elements(), gradient.reals());
  return sum;
}

}  // namespace bpnet
