#pragma once
// Answers for a picture that are the mean over copies of it.

#include <vector>

#include "tasks/task.hpp"

namespace bpnet {

/// The copies, as in Jordan 2024: the picture and its mirror image; and both moved by one pixel to the upper
/// left and to the lower right, the edge being a mirror, which together count as much as those that are not.
class TestCopies final : public PictureChange {
 public:
  /// Throws Error(configuration) if there are copies and no input is a picture.
  TestCopies(TestAverage kind, const Place& place, std::span<const InputPort> inputs);
  /// Fills the outputs of a run in inference: means over the copies of the logits.
  void forward(const Rows& rows, std::span<const std::int64_t> batch, Run& run);
  void apply(float* image, const Shape& shape, std::size_t slot) const override;

 private:
  struct Copy {
    bool mirrored;
    int shift;
    Real weight;
  };
  std::span<const Copy> copies_;
  Copy at_hand_{};
  std::size_t largest_ = 0;              // elements of a picture
  mutable std::vector<float> scratch_;   // a picture for each thread
  std::vector<std::vector<Real>> sums_;  // of each output
};

}  // namespace bpnet
