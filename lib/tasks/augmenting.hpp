#pragma once
// train.augment at work on batches.

#include <vector>

#include "augmentations/warp.hpp"
#include "tasks/task.hpp"

namespace bpnet {

/// Whether an input is a picture (height, width, channels).
bool is_picture(const InputPort& input);

class Augmenting final : public PictureChange {
 public:
  /// Throws Error(configuration) if there are no pictures, or an augmentation does not fit them.
  Augmenting(std::span<const Choice> augment, const Place& place, std::span<const InputPort> inputs);
  /// Gathers a batch as training sees it. Returns the share of its own picture that each row keeps where
  /// pictures were mixed, the first with the last and so on; empty if they were not. Without augmentations a
  /// moment may have no samples: then pictures that are seen in part are seen in the middle.
  std::span<const Real> gather(const Rows& rows, std::span<const std::int64_t> batch,
                               std::span<const View> inputs, const Moment& moment);
  void apply(float* image, const Shape& shape, std::size_t slot) const override;
  Corner corner(const Shape& whole, const Shape& part, std::size_t slot) const override;
  /// What Learner::pictures tells.
  SeenPictures pictures(const Rows& rows, std::span<const std::int64_t> batch, const Moment* moment);

 private:
  struct Step {  // one entry of the list
    std::uint64_t stream = 0;
    Draw draw;
  };
  struct Stage {  // one picture augmentation, or geometric ones that are done as one map
    std::shared_ptr<const PictureAugmentation> alone;
    std::vector<std::shared_ptr<const Geometric>> maps;  // instead
    std::size_t first = 0;                               // step
  };
  void begin(const Moment& moment, std::span<const std::int64_t> batch);
  std::span<const Real> mix(const View& pictures);
  void add(std::size_t step, const Choice& choice);
  Chance chance(const Step& step, std::size_t slot) const;

  std::vector<Step> steps_;
  bool cuts_ = false;  // some pictures are seen in part
  Step place_;         // of the part
  std::vector<Stage> stages_;
  std::vector<std::pair<std::shared_ptr<const Mixing>, std::size_t>> mixings_;  // with their steps
  std::size_t largest_ = 0;                                                     // elements of a picture
  mutable std::vector<float> scratch_;                                          // a picture for each thread
  std::vector<Real> shares_;
  std::span<const std::int64_t> samples_, batch_;
  std::uint64_t epoch_ = 0;
};

}  // namespace bpnet
