#include "tasks/members.hpp"

#include "math/elements.hpp"

namespace bpnet {

void Members::answer(const Run& run, std::size_t head, const Loss& loss, std::span<Real> out) {
  loss.answer(logits(run, 0, head), out);
  if (count_ == 1) return;
  if (one_.size() < out.size()) one_.resize(out.size());
  for (int m = 1; m < count_; ++m) {
    loss.answer(logits(run, m, head), std::span(one_).first(out.size()));
    math::add(out.data(), one_.data(), out.size(), out.data());
  }
  math::scale(Real{1} / static_cast<Real>(count_), out.size(), out.data());
}

std::span<const View> Members::mean_logits(const Run& run) {
  if (count_ == 1) return run.outputs();
  views_.assign(run.outputs().begin(), run.outputs().begin() + static_cast<std::ptrdiff_t>(heads_));
  means_.resize(heads_);
  for (std::size_t h = 0; h < heads_; ++h) {
    View& view = views_[h];
    const std::size_t n = view.elements();
    means_[h].assign(view.reals(), view.reals() + n);
    for (int m = 1; m < count_; ++m)
      math::add(means_[h].data(), logits(run, m, h).reals(), n, means_[h].data());
    math::scale(Real{1} / static_cast<Real>(count_), n, means_[h].data());
    view.data = reinterpret_cast<std::byte*>(means_[h].data());
  }
  return views_;
}

}  // namespace bpnet
