// One input channel and one output channel a group: vectors along the channels.

#include <algorithm>

#include "math/convolution.hpp"
#include "math/elements.hpp"
#include "math/image_kernels.hpp"
#include "math/shards.hpp"
#include "math/threads.hpp"

namespace bpnet::math {

namespace {

class DepthwiseConvolution final : public Convolution {
 public:
  DepthwiseConvolution(const ConvolutionShape& s, const ImageKernels& image)
      : s_(s),
        image_(image),
        elements_(s.window.elements()),
        weights_(static_cast<std::size_t>(elements_) * static_cast<std::size_t>(s.in)),
        stride_((weights_ + 15) / 16 * 16 + 16),
        shards_(s.backward ? shards_for(weights_, s.samples) : 0),
        back_(back_of(s.window)) {
    scratch_bytes = static_cast<std::size_t>(shards_ + 1) * stride_ * sizeof(Real);
  }

  void forward(const Real* x, const Real* w, const Real* bias, Real* y, std::byte* scratch) const override {
    Real* turned = turn(w, false, scratch);
    run(s_.window, x, turned, bias, y);
  }

  void backward_input(const Real* dy, const Real* w, Real* dx, std::byte* scratch) const override {
    const bool mirrored = s_.window.rows.stride == 1 && s_.window.columns.stride == 1;
    Real* turned = turn(w, mirrored, scratch);
    if (mirrored) return run(back_, dy, turned, nullptr, dx);
    const std::ptrdiff_t in = std::ptrdiff_t{s_.window.pixels()} * s_.in, across = s_.window.columns.places();
    parallel(s_.samples, work(), [&](std::ptrdiff_t sample) {
      Real* to = dx + sample * in;
      fill(0, static_cast<std::size_t>(in), to);
      for (int row = 0; row < s_.window.rows.places(); ++row)
        image_.depthwise_back(s_.window, s_.in,
                              dy + (sample * s_.window.rows.places() + row) * across * s_.in, turned, row,
                              to);
    });
  }

  void backward_weight(const Real* x, const Real* dy, bool add, Real* dw, std::byte* scratch) const override {
    Real* sums = reinterpret_cast<Real*>(scratch);
    const std::ptrdiff_t in = std::ptrdiff_t{s_.window.pixels()} * s_.in;
    const std::ptrdiff_t out = std::ptrdiff_t{s_.window.places()} * s_.in;
    parallel(shards_, work(), [&](std::ptrdiff_t shard) {
      Real* sum = sums + static_cast<std::size_t>(shard) * stride_;
      fill(0, weights_, sum);
      const int end = part_begin(s_.samples, shards_, shard + 1);
      for (int sample = part_begin(s_.samples, shards_, shard); sample < end; ++sample)
        image_.depthwise_weights(s_.window, s_.in, x + sample * in, dy + sample * out, sum);
    });
    Real* all = sums + static_cast<std::size_t>(shards_) * stride_;
    sum_shards(sums, shards_, stride_, weights_, false, all);
    for (int c = 0; c < s_.in; ++c)
      for (int e = 0; e < elements_; ++e, ++dw) *dw = all[e * s_.in + c] + (add ? *dw : 0);
  }

 private:
  /// The window over dy whose places are the pixels of x, for stride 1.
  static Window back_of(const Window& window) {
    const auto slide = [](const Slide& s) {
      Slide out = s;
      out.size = s.places();
      out.before = s.reach() - 1 - s.before;
      out.after = s.reach() - 1 - s.after;
      return out;
    };
    return {slide(window.rows), slide(window.columns)};
  }
  double work() const { return 4.0 * s_.samples * s_.window.places() * static_cast<double>(weights_); }
  /// (elements, channels) of w (channels, elements), the elements in reverse if `mirrored`.
  Real* turn(const Real* w, bool mirrored, std::byte* scratch) const {
    Real* out = reinterpret_cast<Real*>(scratch);
    for (int c = 0; c < s_.in; ++c)
      for (int e = 0; e < elements_; ++e) out[(mirrored ? elements_ - 1 - e : e) * s_.in + c] = *w++;
    return out;
  }
  void run(const Window& window, const Real* x, const Real* w, const Real* bias, Real* y) const {
    const int rows = window.rows.places();
    const std::ptrdiff_t in = std::ptrdiff_t{window.pixels()} * s_.in;
    const std::ptrdiff_t out = std::ptrdiff_t{window.columns.places()} * s_.in;
    parallel(std::ptrdiff_t{s_.samples} * rows, work(), [&](std::ptrdiff_t i) {
      image_.depthwise_row(window, s_.in, x + i / rows * in, w, bias, static_cast<int>(i % rows),
                           y + i * out);
    });
  }

  ConvolutionShape s_;
  const ImageKernels& image_;
  int elements_;
  std::size_t weights_, stride_;
  int shards_;
  Window back_;
};

}  // namespace

bool suits_depthwise(const ConvolutionShape& s) { return s.groups == s.in && s.in == s.out && s.in > 1; }

std::unique_ptr<Convolution> prepare_depthwise_convolution(const ConvolutionShape& shape,
                                                           const ImageKernels& kernels) {
  return std::make_unique<DepthwiseConvolution>(shape, kernels);
}

}  // namespace bpnet::math
