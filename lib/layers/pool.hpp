#pragma once
// What layers share that take the greatest or the mean of windows.

#include "layers/window.hpp"
#include "math/pool.hpp"

namespace bpnet {

class PoolPass final : public Pass {
 public:
  PoolPass(const math::PoolShape& shape, bool greatest) : shape_(shape), greatest_(greatest) {}
  void forward(const Lent& lent) override {
    const auto pool = greatest_ ? math::max_pool : math::average_pool;
    pool(shape_, lent.in[0].reals(), lent.out[0].reals(), math::image_kernels());
  }
  void backward(const Lent& lent) override {
    if (!lent.din[0]) return;
    if (greatest_)
      math::max_pool_backward(shape_, lent.in[0].reals(), lent.dout[0].reals(), lent.din[0].reals());
    else
      math::average_pool_backward(shape_, lent.dout[0].reals(), lent.din[0].reals());
  }

 private:
  math::PoolShape shape_;
  bool greatest_;
};

struct Pool : Layer {
  const bool greatest;  // else the mean
  explicit Pool(bool takes_greatest) : greatest(takes_greatest) {}
  bool learns() const override { return false; }
  /// The window on an image. Throws Misfit.
  virtual math::Window window_on(const Port& in) const = 0;
  virtual Shape out_shape(const math::Window& window, int channels) const = 0;
  Plan plan(std::span<const Port> in) const override {
    Plan plan;
    plan.out = {in[0]};
    plan.out[0].shape = out_shape(window_on(in[0]), in[0].shape[-1]);
    plan.backward_reads_in = greatest;  // where the greatest stood is found anew
    return plan;
  }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode) const override {
    return std::make_unique<PoolPass>(math::PoolShape{batch.rows(), window_on(in[0]), in[0].shape[2]},
                                      greatest);
  }
};

/// Windows side by side, unless told otherwise.
struct WindowPool : Pool {
  WindowOptions window;

  explicit WindowPool(bool takes_greatest) : Pool(takes_greatest) {
    window.kernel = {2};
    window.stride = {};
  }
  void visit(Visitor& v) override {
    v("kernel_size", window.kernel, between(1, 1 << 12), "size of the window, or its rows and columns");
    v.unless_empty("stride", window.stride, "auto", between(1, 1 << 12),
                   "places it moves by, or those of rows and of columns; auto: the size of the window");
    window.visit_padding(v);
  }
  math::Window window_on(const Port& in) const override {
    const math::Window w = window.on(in);
    if (w.rows.before >= w.rows.kernel || w.columns.before >= w.columns.kernel)
      throw Misfit{"has padding as large as its window, which would see nothing at the edge",
                   {"take less padding"}};
    return w;
  }
  Shape out_shape(const math::Window& w, int channels) const override {
    return {w.rows.places(), w.columns.places(), channels};
  }
};

/// One window as large as the image.
struct GlobalPool : Pool {
  using Pool::Pool;
  math::Window window_on(const Port& in) const override {
    require_image(in);
    const auto whole = [](int size) { return math::Slide{size, size, 1, 1, 0, 0}; };
    return {whole(in.shape[0]), whole(in.shape[1])};
  }
  Shape out_shape(const math::Window&, int channels) const override { return Shape{channels}; }
};

}  // namespace bpnet
