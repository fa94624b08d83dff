#include "layers/layer.hpp"
#include "math/elements.hpp"

namespace bpnet::layer_entries {

namespace {

class DropoutPass final : public Pass {
 public:
  DropoutPass(std::size_t width, Batch batch, double rate, bool training)
      : width_(width),
        elements_(width * static_cast<std::size_t>(batch.samples)),
        rate_(rate),
        training_(training) {}
  void forward(const Lent& lent) override { run(lent, lent.in[0].reals(), lent.out[0].reals()); }
  void backward(const Lent& lent) override {
    if (lent.din[0]) run(lent, lent.dout[0].reals(), lent.din[0].reals());
  }

 private:
  void run(const Lent& lent, const Real* in, Real* out) const {
    if (training_)
      math::dropout(in, lent.samples, width_, rate_, lent.random, {0, static_cast<Real>(1 / (1 - rate_)), 0},
                    out);
    else if (in != out)
      math::copy(in, elements_, out);
  }
  std::size_t width_, elements_;  // of one sample, of the batch
  double rate_;
  bool training_;
};

/// Inverted dropout: Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov 2014.
struct Dropout final : Layer {
  double share = 0.5;

  bool learns() const override { return false; }
  void visit(Visitor& v) override {
    v("rate", share, share_below_one(), "share of the elements set to zero in training");
  }
  Plan plan(std::span<const Port> in) const override {
    Plan plan;
    plan.out = {in[0]};
    plan.in_place = true;
    plan.draws = true;
    return plan;
  }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode mode) const override {
    return std::make_unique<DropoutPass>(in[0].shape.elements() * static_cast<std::size_t>(batch.steps),
                                         batch, share, mode == Mode::training && share > 0);
  }
};

}  // namespace

extern const Entry dropout = {
    "dropout", "sets a random share of the elements to zero in training, scales up the others",
    "Dropout", "dropout: 0.4",
    "7",       make<Dropout>};

}  // namespace bpnet::layer_entries
