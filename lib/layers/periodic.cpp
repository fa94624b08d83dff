#include "layers/feature_dense.hpp"
#include "math/features.hpp"
#include "spec/spec.hpp"

namespace bpnet::layer_entries {

namespace {

class PeriodicPass final : public Pass {
 public:
  PeriodicPass(int rows, int numbers, int frequencies)
      : rows_(rows), numbers_(numbers), frequencies_(frequencies) {}
  void forward(const Lent& lent) override {
    math::periodic(lent.in[0].reals(), rows_, numbers_, lent.parameters[0], frequencies_,
                   lent.out[0].reals());
  }
  void backward(const Lent& lent) override {
    math::periodic_backward(lent.in[0].reals(), lent.out[0].reals(), lent.dout[0].reals(), rows_, numbers_,
                            lent.parameters[0], frequencies_, lent.din[0].reals(), lent.gradients[0]);
  }

 private:
  int rows_, numbers_, frequencies_;
};

/// Sines and cosines of learnt frequencies: (numbers) to (numbers * 2 * frequencies).
struct Waves final : Layer {
  int frequencies;
  Choice initialiser;
  Waves(int count, Choice how) : frequencies(count), initialiser(std::move(how)) {}
  Plan plan(std::span<const Port> in) const override {
    const int numbers = in[0].width();
    Plan plan;
    plan.out = {in[0]};
    plan.out[0].features.reset();
    plan.out[0].shape = Shape{numbers * 2 * frequencies};
    plan.parameters.push_back({"frequencies",
                               {numbers, frequencies},
                               initialiser.as<Initialiser>().get(),
                               Role::bias,
                               1,
                               frequencies});
    plan.backward_reads_in = plan.backward_reads_out = true;
    return plan;
  }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode) const override {
    return std::make_unique<PeriodicPass>(batch.rows(), in[0].width(), frequencies);
  }
};

/// Gorishniy, Rubachev, Babenko 2022: periodic, linear, relu. Weight decay leaves the frequencies alone.
struct Periodic final : NumberEmbedding {
  std::int64_t frequencies = 16;
  Choice initialiser = parse_choice(initialisers, "normal: 0.1");

  void visit(Visitor& v) override {
    v("frequencies", frequencies, between(1, 1 << 12), "sines, and as many cosines, of each number");
    v("initialiser", initialiser, initialisers, "first frequencies, in turns per unit of the number");
    visit_units(v);
  }

 protected:
  std::shared_ptr<const Layer> encoder() const override {
    return std::make_shared<Waves>(static_cast<int>(frequencies), initialiser);
  }
  int expansion() const override { return static_cast<int>(2 * frequencies); }
};

}  // namespace

extern const Entry periodic = {"periodic",
                               "makes sines and cosines of each number, then a small dense layer of its own",
                               "PeriodicEmbeddings PLR fourier random_fourier positional",
                               "periodic: {frequencies: 3, units: 4}",
                               "7",
                               make<Periodic>};

}  // namespace bpnet::layer_entries
