#include "layers/copy.hpp"

namespace bpnet::layer_entries {

namespace {

struct Flatten final : Layer {
  bool learns() const override { return false; }
  Plan plan(std::span<const Port> in) const override {
    Plan plan = copy_plan(in[0]);
    plan.out[0].features = in[0].features;
    plan.out[0].shape = Shape{in[0].width()};
    return plan;
  }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode) const override {
    return copy_pass(in[0], batch);
  }
};

}  // namespace

extern const Entry flatten = {
    "flatten",
    "all axes of a row one behind the other: of images, the channels of a pixel lie together",
    "Flatten ravel",
    "flatten",
    "4x3",
    make<Flatten>};

}  // namespace bpnet::layer_entries
