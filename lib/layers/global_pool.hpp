#pragma once
// What layers share that make one row of channels from a whole image.

#include "layers/window.hpp"
#include "math/pool.hpp"

namespace bpnet {

struct GlobalPool : Layer {
  bool learns() const override { return false; }
  Plan plan(std::span<const Port> in) const override {
    require_image(in[0]);
    Plan plan;
    plan.out = {in[0]};
    plan.out[0].shape = Shape{in[0].shape[2]};
    return plan;
  }
  /// One window as large as the image.
  static math::PoolShape pool_shape(const Port& in, Batch batch) {
    const auto slide = [](int size) { return math::Slide{size, size, 1, 1, 0, 0}; };
    return {batch.rows(), {slide(in.shape[0]), slide(in.shape[1])}, in.shape[2]};
  }
};

}  // namespace bpnet
