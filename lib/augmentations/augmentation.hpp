#pragma once
// The contract of augmentations: how pictures of training batches are changed by chance. Random numbers are
// functions of where they are used, so that threads and a resumed run change nothing.

#include <cstdint>
#include <string>

#include "core/random.hpp"
#include "core/shape.hpp"
#include "spec/options.hpp"

namespace bpnet {

/// A picture in somebody's memory: rows of pixels from the top, channels innermost, values 0 to 1.
struct PictureView {
  float* data = nullptr;
  int height = 0, width = 0, channels = 0;
  float* pixel(int y, int x) const { return data + (static_cast<std::ptrdiff_t>(y) * width + x) * channels; }
  std::size_t elements() const {
    return static_cast<std::size_t>(height) * static_cast<std::size_t>(width) *
           static_cast<std::size_t>(channels);
  }
};

/// The random numbers of one augmentation on one picture, and which picture of which epoch it is.
struct Chance {
  Draw draw;                 // of the augmentation, the step and the pass
  std::uint64_t sample = 0;  // index in the epoch's order
  std::uint64_t row = 0, epoch = 0;
  /// Uniform in [0, 1).
  float uniform(std::uint64_t element) const { return draw.uniform(sample, element); }
  /// Uniform in [-1, 1).
  float either_side(std::uint64_t element) const { return 2 * uniform(element) - 1; }
  /// Uniform in least .. most.
  int whole(std::uint64_t element, int least, int most) const {
    const auto span = static_cast<std::uint64_t>(std::int64_t{most} - least + 1);
    return least + static_cast<int>(draw.index(sample, element, span));
  }
};

struct Augmentation : Options {
  /// Why it cannot be used on pictures (height, width, channels); "": it can.
  virtual std::string objection(const Shape&) const { return ""; }
  /// What is wrong with its options, whatever the pictures; "": nothing.
  virtual std::string fault() const { return ""; }
};

/// Changes one picture at a time.
struct PictureAugmentation : Augmentation {
  /// In place; `scratch` holds as many numbers as the picture. Allocates nothing.
  virtual void apply(const PictureView&, const Chance&, float* scratch) const = 0;
};

/// Mixes two pictures of a batch, whose targets then count by their shares.
struct Mixing : Augmentation {
  /// Each with the other, in place; returns the share of its own that each keeps, 1/2 or more. Values may be
  /// standardised.
  virtual double mix(Real* a, Real* b, const Shape&, const Chance&) const = 0;
};

/// Inputs of the entries: height, width and channels of a picture, "5x7x3".
extern const Table augmentations;

}  // namespace bpnet
