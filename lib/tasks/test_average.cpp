#include "tasks/test_average.hpp"

#include <algorithm>

#include "augmentations/warp.hpp"
#include "math/elements.hpp"
#include "math/threads.hpp"
#include "tasks/augmenting.hpp"

namespace bpnet {

TestCopies::TestCopies(TestAverage kind, const Place& place, std::span<const InputPort> inputs) {
  // The picture as it is comes last, so that a run's inputs show it.
  static constexpr Copy whole[] = {{false, 0, 1}};
  static constexpr Copy mirror[] = {{true, 0, Real{1} / 2}, {false, 0, Real{1} / 2}};
  static constexpr Copy mirror_shift[] = {
      {true, -1, Real{1} / 8},  {true, 1, Real{1} / 8},  {true, 0, Real{1} / 4},
      {false, -1, Real{1} / 8}, {false, 1, Real{1} / 8}, {false, 0, Real{1} / 4},
  };
  copies_ = kind == TestAverage::none     ? std::span<const Copy>(whole)
            : kind == TestAverage::mirror ? std::span<const Copy>(mirror)
                                          : std::span<const Copy>(mirror_shift);
  if (kind == TestAverage::none) return;
  if (!std::any_of(inputs.begin(), inputs.end(), is_picture))
    throw Error(Fault::configuration, place,
                "train.test_average is about pictures, and the model has no image column as input",
                {"leave it out, or declare a column: data.columns: {COLUMN: image}"});
  for (const InputPort& input : inputs)
    if (is_picture(input)) largest_ = std::max(largest_, input.port.shape.elements());
}

void TestCopies::forward(const Rows& rows, std::span<const std::int64_t> batch, Run& run) {
  if (copies_.size() == 1) {
    rows.gather(batch, run.inputs());
    return run.forward({});
  }
  scratch_.resize(std::max(scratch_.size(), largest_ * static_cast<std::size_t>(math::threads())));
  sums_.resize(run.outputs().size());
  for (std::size_t c = 0; c < copies_.size(); ++c) {
    at_hand_ = copies_[c];
    rows.gather(batch, run.inputs(), this);
    run.forward({});
    for (std::size_t o = 0; o < sums_.size(); ++o) {
      const View& out = run.outputs()[o];
      const std::size_t n = out.elements();
      math::scale(at_hand_.weight, n, out.reals());
      if (c == 0)
        sums_[o].assign(out.reals(), out.reals() + n);
      else
        math::add(sums_[o].data(), out.reals(), n, sums_[o].data());
    }
  }
  for (std::size_t o = 0; o < sums_.size(); ++o)
    math::copy(sums_[o].data(), sums_[o].size(), run.outputs()[o].reals());
}

void TestCopies::apply(float* image, const Shape& shape, std::size_t) const {
  const PictureView picture{image, shape[0], shape[1], shape[2]};
  warp(picture, Affine::moved(at_hand_.shift, at_hand_.shift), Border::reflect,
       scratch_.data() + static_cast<std::size_t>(math::thread_index()) * largest_);
  if (at_hand_.mirrored) mirror(picture, false);
}

}  // namespace bpnet
