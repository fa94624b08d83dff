#include "layers/dropout.hpp"

namespace bpnet {

namespace {
struct Drop {
  double rate;
  void forward(const Lent& lent, std::size_t width, const Real* in, Real* out) const {
    math::dropout(in, lent.samples, width, rate, lent.random, {0, static_cast<Real>(1 / (1 - rate)), 0}, out);
  }
  void backward(const Lent& lent, std::size_t width, const Real* dout, Real* din) const {
    forward(lent, width, dout, din);
  }
};
}  // namespace

void Dropout::visit(Visitor& v) {
  v("rate", share, share_below_one(), "share of the elements set to zero in training");
}

std::unique_ptr<Pass> Dropout::prepare(std::span<const Port> in, Batch batch, Mode mode) const {
  return noise_pass(in, batch, mode, share > 0, Drop{share});
}

namespace layer_entries {
extern const Entry dropout = {"dropout",
                              "sets a random share of the elements to zero in training, scales up the others",
                              "Dropout GaussianDropout",
                              "dropout: 0.4",
                              "7",
                              make<Dropout>};
}

}  // namespace bpnet
