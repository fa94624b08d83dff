#pragma once
// What layers share that take the greatest or the mean of windows.

#include "layers/window.hpp"
#include "math/pool.hpp"

namespace bpnet {

struct Pool : Layer {
  WindowOptions window;

  Pool() {
    window.kernel = {2};
    window.stride = {};
  }
  virtual bool takes_greatest() const { return false; }
  bool learns() const override { return false; }
  void visit(Visitor& v) override {
    v("kernel_size", window.kernel, between(1, 1 << 12), "size of the window, or its rows and columns");
    v.unless_empty("stride", window.stride, "auto", between(1, 1 << 12),
                   "places it moves by, or those of rows and of columns; auto: the size of the window");
    window.visit_padding(v);
  }
  math::PoolShape pool_shape(const Port& in, Batch batch) const {
    return {batch.rows(), window.on(in), in.shape[2]};
  }
  Plan plan(std::span<const Port> in) const override {
    const math::Window w = window.on(in[0]);
    if (w.rows.before >= w.rows.kernel || w.columns.before >= w.columns.kernel)
      throw Misfit{"has padding as large as its window, which would see nothing at the edge",
                   {"take less padding"}};
    Plan plan;
    plan.out = {in[0]};
    plan.out[0].shape = {w.rows.places(), w.columns.places(), in[0].shape[2]};
    return plan;
  }
};

}  // namespace bpnet
