#pragma once
// What normalisations of images by groups of channels share.

#include "layers/norm.hpp"
#include "layers/window.hpp"
#include "math/group_norm.hpp"

namespace bpnet {

class ChannelNormPass final : public Pass {
 public:
  ChannelNormPass(const math::GroupNormShape& shape, bool affine) : shape_(shape), affine_(affine) {
    saved_bytes = shape.statistics() * sizeof(Real);
    scratch_bytes = shape.scratch() * sizeof(Real);
  }
  void forward(const Lent& lent) override {
    math::group_norm(shape_, lent.in[0].reals(), affine_ ? lent.parameters[0] : nullptr,
                     affine_ ? lent.parameters[1] : nullptr, lent.out[0].reals(), saved(lent));
  }
  void backward(const Lent& lent) override {
    math::group_norm_backward(
        shape_, lent.in[0].reals(), lent.dout[0].reals(), affine_ ? lent.parameters[0] : nullptr, saved(lent),
        lent.din[0] ? lent.din[0].reals() : nullptr, affine_ ? lent.gradients[0] : nullptr,
        affine_ ? lent.gradients[1] : nullptr, reinterpret_cast<Real*>(lent.scratch));
  }

 private:
  static Real* saved(const Lent& lent) { return reinterpret_cast<Real*>(lent.saved); }
  math::GroupNormShape shape_;
  bool affine_;
};

struct ChannelNorm : Layer {
  double epsilon = 1e-5;
  bool affine = true;

  void visit_norm(Visitor& v) {
    v("epsilon", epsilon, inside_unit(), "added to the variance");
    v("affine", affine, "learn a scale and a shift of each channel");
  }
  virtual int groups_of(int channels) const = 0;
  Plan plan(std::span<const Port> in) const override {
    require_image(in[0]);
    const int channels = in[0].shape[2], groups = groups_of(channels);
    if (channels % groups != 0)
      throw Misfit{
          "cannot cut " + std::to_string(channels) + " channels into " + std::to_string(groups) + " groups",
          {"groups is to divide the channels"}};
    return norm_plan(in[0], affine, affine);
  }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode) const override {
    const auto [rows, channels] = norm_rows(in[0], batch);
    return std::make_unique<ChannelNormPass>(
        math::GroupNormShape{batch.rows(), rows / batch.rows(), channels, groups_of(channels),
                             static_cast<Real>(epsilon)},
        affine);
  }
};

}  // namespace bpnet
