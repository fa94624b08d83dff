#include "tasks/members.hpp"

#include <algorithm>
#include <cmath>

#include "math/elements.hpp"

namespace bpnet {

namespace {

template <class F>
void each_deviation(std::span<const Answer> kinds, std::span<Real> answers, F f) {
  for (std::size_t k = 0; k < kinds.size(); ++k)
    if (kinds[k].kind == Answer::Kind::deviation)
      for (std::size_t at = 0; at < answers.size(); at += kinds.size()) f(answers[at + k], answers[at]);
}

// Deviations become means of squares, which can be averaged.
void with_squares(std::span<const Answer> kinds, std::span<Real> answers) {
  each_deviation(kinds, answers,
                 [](Real& deviation, Real value) { deviation = deviation * deviation + value * value; });
}

}  // namespace

// A view of one member's numbers, in memory of its own.
View Members::part_of(const View& whole, std::vector<Real>& memory) const {
  View part = whole;
  part.port.shape = {whole.width() / count_};
  if (memory.size() < part.elements()) memory.resize(part.elements());
  part.data = reinterpret_cast<std::byte*>(memory.data());
  return part;
}

View Members::logits(const Run& run, int member, std::size_t head) {
  const View& whole = run.outputs()[at(member, head)];
  if (!shared_) return whole;
  View part = part_of(whole, parts_[head].logits);
  math::copy_columns(whole.reals(), whole.rows(), whole.width(), member * part.width(), part.reals(),
                     part.width(), 0, part.width());
  return part;
}

View Members::gradient(const Run& run, int member, std::size_t head) {
  const View& whole = run.output_gradients()[at(member, head)];
  return shared_ ? part_of(whole, parts_[head].gradient) : whole;
}

void Members::write_gradient(const Run& run, int member, std::size_t head) {
  if (!shared_) return;
  const View& whole = run.output_gradients()[head];
  const View part = part_of(whole, parts_[head].gradient);
  math::copy_columns(part.reals(), whole.rows(), part.width(), 0, whole.reals(), whole.width(),
                     member * part.width(), part.width());
}

void Members::answer(const Run& run, std::size_t head, const Loss& loss, std::span<const Answer> kinds,
                     std::span<Real> out) {
  loss.answer(logits(run, 0, head), out);
  if (count_ == 1) return;
  if (one_.size() < out.size()) one_.resize(out.size());
  const std::span<Real> one = std::span(one_).first(out.size());
  with_squares(kinds, out);
  for (int m = 1; m < count_; ++m) {
    loss.answer(logits(run, m, head), one);
    with_squares(kinds, one);
    math::add(out.data(), one.data(), out.size(), out.data());
  }
  math::scale(Real{1} / static_cast<Real>(count_), out.size(), out.data());
  each_deviation(kinds, out, [](Real& deviation, Real value) {
    deviation = std::sqrt(std::max(Real{0}, deviation - value * value));
  });
}

std::span<const View> Members::mean_logits(const Run& run) {
  if (count_ == 1) return run.outputs();
  views_.resize(heads_);
  for (std::size_t h = 0; h < heads_; ++h) {
    std::vector<Real>& mean = parts_[h].mean;
    views_[h] = logits(run, 0, h);
    const std::size_t n = views_[h].elements();
    mean.assign(views_[h].reals(), views_[h].reals() + n);
    for (int m = 1; m < count_; ++m) math::add(mean.data(), logits(run, m, h).reals(), n, mean.data());
    math::scale(Real{1} / static_cast<Real>(count_), n, mean.data());
    views_[h].data = reinterpret_cast<std::byte*>(mean.data());
  }
  return views_;
}

}  // namespace bpnet
