#include "layers/copy.hpp"

namespace bpnet::layer_entries {

namespace {

// Pixels lie channels last, so that the numbers stay where they are.
struct Steps final : Layer {
  bool learns() const override { return false; }
  Plan plan(std::span<const Port> in) const override {
    const Shape& shape = in[0].shape;
    if (in[0].time != 0)
      throw Misfit{"makes steps of a row's axes, but its input has steps already", {"leave it out"}};
    if (shape.axes() < 2)
      throw Misfit{"makes a step of each pixel of a picture or token of a row, but its input is one row of " +
                       shape.text(),
                   {"feature_tokens makes tokens of a table's columns, reshape gives a row axes"}};
    Plan plan = copy_plan(in[0]);
    const int width = shape[-1];
    plan.out[0].shape = Shape{width};
    plan.out[0].time = -(in[0].width() / width);
    plan.sets_steps = true;
    return plan;
  }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode) const override {
    return copy_pass(in[0], batch);
  }
};

}  // namespace

extern const Entry steps = {
    "steps",
    "makes the pixels of a picture, or the tokens of a row, steps of a sequence: the last axis is a step's",
    "patches to_sequence flatten_patches patch_embed PatchEmbedding tokens",
    "steps",
    "2x3x4",
    make<Steps>};

}  // namespace bpnet::layer_entries
