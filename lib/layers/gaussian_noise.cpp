#include "layers/noise.hpp"

namespace bpnet::layer_entries {

namespace {

struct AddNoise {
  double deviation;
  void forward(const Lent& lent, std::size_t width, const Real* in, Real* out) const {
    math::add_noise(in, lent.samples, width, deviation, lent.random, out);
  }
  void backward(const Lent& lent, std::size_t width, const Real* dout, Real* din) const {
    if (din != dout) math::copy(dout, lent.samples.size() * width, din);
  }
};

struct GaussianNoise final : Noise {
  double deviation = 0.1;

  void visit(Visitor& v) override {
    v("deviation", deviation, at_least(0), "standard deviation of the noise");
  }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode mode) const override {
    return noise_pass(in, batch, mode, deviation > 0, AddNoise{deviation});
  }
};

}  // namespace

extern const Entry gaussian_noise = {
    "gaussian_noise",   "adds normal noise in training", "GaussianNoise noise", "gaussian_noise: 0.2", "7",
    make<GaussianNoise>};

}  // namespace bpnet::layer_entries
