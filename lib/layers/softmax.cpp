#include "math/softmax.hpp"

#include "layers/norm.hpp"

namespace bpnet::layer_entries {

namespace {

class SoftmaxPass final : public Pass {
 public:
  SoftmaxPass(int rows, int width) : rows_(rows), width_(width) {}
  void forward(const Lent& lent) override {
    math::softmax(lent.in[0].reals(), rows_, width_, lent.out[0].reals());
  }
  void backward(const Lent& lent) override {
    if (lent.din[0])
      math::softmax_backward(lent.out[0].reals(), lent.dout[0].reals(), rows_, width_, lent.din[0].reals());
  }

 private:
  int rows_, width_;
};

/// Over the last axis.
struct Softmax final : Layer {
  bool learns() const override { return false; }
  Plan plan(std::span<const Port> in) const override {
    require_numbers(in[0]);
    Plan plan;
    plan.out = {in[0]};
    plan.backward_reads_out = true;
    return plan;
  }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode) const override {
    const auto [rows, width] = norm_rows(in[0], batch);
    return std::make_unique<SoftmaxPass>(rows, width);
  }
};

}  // namespace

extern const Entry softmax = {"softmax",
                              "exponentials divided by their sum, over the last axis; output needs none",
                              "Softmax Softmax2d Softmax1d",
                              "softmax",
                              "7",
                              make<Softmax>};

}  // namespace bpnet::layer_entries
