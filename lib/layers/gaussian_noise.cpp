#include "layers/layer.hpp"
#include "math/elements.hpp"

namespace bpnet::layer_entries {

namespace {

class GaussianNoisePass final : public Pass {
 public:
  GaussianNoisePass(std::size_t width, Batch batch, double deviation, bool training)
      : width_(width),
        elements_(width * static_cast<std::size_t>(batch.samples)),
        deviation_(deviation),
        training_(training) {}
  void forward(const Lent& lent) override {
    const Real* in = lent.in[0].reals();
    Real* out = lent.out[0].reals();
    if (training_)
      math::add_noise(in, lent.samples, width_, deviation_, lent.random, out);
    else if (in != out)
      math::copy(in, elements_, out);
  }
  void backward(const Lent& lent) override {
    if (lent.din[0] && lent.din[0].reals() != lent.dout[0].reals())
      math::copy(lent.dout[0].reals(), elements_, lent.din[0].reals());
  }

 private:
  std::size_t width_, elements_;  // of one sample, of the batch
  double deviation_;
  bool training_;
};

struct GaussianNoise final : Layer {
  double deviation = 0.1;

  bool learns() const override { return false; }
  void visit(Visitor& v) override {
    v("deviation", deviation, at_least(0), "standard deviation of the noise");
  }
  Plan plan(std::span<const Port> in) const override {
    if (in[0].type != Type::real)
      throw Misfit{"takes numbers, but its input is category codes", {"put an embedding in front of it"}};
    Plan plan;
    plan.out = {in[0]};
    plan.in_place = true;
    plan.draws = true;
    return plan;
  }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode mode) const override {
    return std::make_unique<GaussianNoisePass>(in[0].shape.elements() * static_cast<std::size_t>(batch.steps),
                                               batch, deviation, mode == Mode::training && deviation > 0);
  }
};

}  // namespace

extern const Entry gaussian_noise = {
    "gaussian_noise",   "adds normal noise in training", "GaussianNoise noise", "gaussian_noise: 0.2", "7",
    make<GaussianNoise>};

}  // namespace bpnet::layer_entries
