#include <algorithm>

#include "layers/convolution.hpp"
#include "layers/sequence.hpp"
#include "math/elements.hpp"

namespace bpnet::layer_entries {

namespace {

std::size_t size_of_steps(int samples, int steps, int width) {
  return static_cast<std::size_t>(samples) * static_cast<std::size_t>(steps) *
         static_cast<std::size_t>(width);
}

/// A convolution on a copy of its input that lies in front of its own scratch memory.
class CopyingPass : public Pass {
 public:
  CopyingPass(std::unique_ptr<Pass> convolution, int samples, int steps, int width)
      : samples_(samples),
        steps_(steps),
        width_(static_cast<std::size_t>(width)),
        convolution_(std::move(convolution)) {
    constexpr std::size_t readable_behind = 64;
    copy_ = (size_of_steps(samples, steps, width) * sizeof(Real) + readable_behind + 63) / 64 * 64;
    scratch_bytes = copy_ + convolution_->scratch_bytes;
  }

 protected:
  Real* copy(const Lent& lent) const { return reinterpret_cast<Real*>(lent.scratch); }
  /// As the convolution is to be lent what this pass is.
  Lent on_copy(const Lent& lent) {
    in_[0] = lent.in[0];
    in_[0].data = lent.scratch;
    Lent out = lent;
    out.in = in_;
    out.scratch += copy_;
    return out;
  }
  int samples_, steps_;  // of the copy
  std::size_t width_;
  std::unique_ptr<Pass> convolution_;

 private:
  std::size_t copy_;
  View in_[1];
};

/// Looks behind the end of a sample, where it is to see zeros.
class AheadPass final : public CopyingPass {
 public:
  using CopyingPass::CopyingPass;
  void forward(const Lent& lent) override { convolution_->forward(cleaned(lent)); }
  void backward(const Lent& lent) override {
    convolution_->backward(cleaned(lent));
    if (lent.din[0]) clear(lent.din[0].reals(), lent.in[0].lengths);
  }

 private:
  Lent cleaned(const Lent& lent) {
    math::copy(lent.in[0].reals(), lent.in[0].elements(), copy(lent));
    clear(copy(lent), lent.in[0].lengths);
    return on_copy(lent);
  }
  // Steps that are not in use.
  void clear(Real* x, std::span<const int> lengths) const {
    const auto steps = static_cast<std::size_t>(steps_);
    for (std::size_t s = 0; s < lengths.size(); ++s) {
      const auto used = static_cast<std::size_t>(lengths[s]);
      math::fill(0, (steps - used) * width_, x + (s * steps + used) * width_);
    }
  }
};

/// Goes on behind the steps that were kept of the call before.
class GoingOnPass final : public CopyingPass {
 public:
  GoingOnPass(std::unique_ptr<Pass> convolution, int samples, int kept, int steps, int width)
      : CopyingPass(std::move(convolution), samples, kept + steps, width),
        kept_(static_cast<std::size_t>(kept) * width_),
        new_(static_cast<std::size_t>(steps) * width_) {
    carry_bytes = size_of_steps(samples, kept, width) * sizeof(Real);
  }
  void forward(const Lent& lent) override {
    Real* carry = reinterpret_cast<Real*>(lent.carry);
    for (std::size_t s = 0; s < static_cast<std::size_t>(samples_); ++s) {
      Real* sample = copy(lent) + s * (kept_ + new_);
      math::copy(carry + s * kept_, kept_, sample);
      math::copy(lent.in[0].reals() + s * new_, new_, sample + kept_);
      const auto used = static_cast<std::size_t>(lent.in[0].lengths[s]);
      math::copy(sample + used * width_, kept_, carry + s * kept_);
    }
    convolution_->forward(on_copy(lent));
  }
  void backward(const Lent&) override {}

 private:
  std::size_t kept_, new_;  // numbers of a sample
};

/// Along a length of its input, or along the steps of a sequence (Bai, Kolter, Koltun 2018).
struct Conv1d final : ConvolutionLayer {
  Conv1d() : ConvolutionLayer(1, false) {}

  void visit(Visitor& v) override {
    ConvolutionLayer::visit(v);
    v("causal", window.causal, "see no later place or step: all padding is in front");
  }
  Plan plan(std::span<const Port> in) const override {
    if (!along_steps(in[0])) return ConvolutionLayer::plan(in);
    require_sequence(in[0]);
    const math::Slide slide = window.sliding(row_of(in[0], 1)).columns;
    if (slide.stride != 1 || slide.places() != 1)
      throw Misfit{"goes along the steps of a sequence, and is to put out as many",
                   {"write padding: same, or causal: true, and leave stride out"}};
    const Port row = row_of(in[0], 1);
    Plan plan = ConvolutionLayer::plan({&row, 1});
    plan.out[0].shape = Shape{plan.out[0].shape[-1]};
    plan.looks_ahead = slide.after > 0;
    return plan;
  }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode mode) const override {
    if (!along_steps(in[0])) return ConvolutionLayer::prepare(in, batch, mode);
    const math::Slide slide = window.on(row_of(in[0], batch.steps)).columns;
    Batch rows = batch;
    rows.steps = 1;
    const auto on_row = [&](const ConvolutionLayer& layer, int steps) {
      const Port row = row_of(in[0], steps);
      return layer.ConvolutionLayer::prepare({&row, 1}, rows, mode);
    };
    const int width = in[0].width(), kept = slide.reach() - 1;
    if (slide.after > 0)
      return std::make_unique<AheadPass>(on_row(*this, batch.steps), batch.samples, batch.steps, width);
    // Steps in use see none that are not.
    if (mode != Mode::generating || kept == 0) return on_row(*this, batch.steps);
    Conv1d behind = *this;
    behind.window.causal = false;
    behind.window.padding = {0};
    return std::make_unique<GoingOnPass>(on_row(behind, kept + batch.steps), batch.samples, kept, batch.steps,
                                         width);
  }

 private:
  static bool along_steps(const Port& in) { return in.time != 0 && in.shape.axes() == 1; }
  // The steps of a sequence as the length of a row.
  static Port row_of(const Port& in, int steps) {
    Port row = in;
    row.shape = Shape{steps, in.width()};
    row.time = 0;
    return row;
  }
};

}  // namespace

extern const Entry conv1d = {
    "conv1d",
    "learnt weights slide along rows (length x channels), or the steps of a sequence",
    "Conv1d Conv1D Convolution1D TCN temporal_convolution CausalConv1d SeparableConv1D DepthwiseConv1D",
    "conv1d: {channels: 4, kernel_size: 3}",
    "7x2",
    make<Conv1d>};

}  // namespace bpnet::layer_entries
