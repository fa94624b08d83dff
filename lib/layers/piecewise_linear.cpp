#include "layers/feature_dense.hpp"
#include "math/features.hpp"

namespace bpnet::layer_entries {

namespace {

class PiecewiseLinearPass final : public Pass {
 public:
  PiecewiseLinearPass(int rows, int numbers, int bins) : rows_(rows), numbers_(numbers), bins_(bins) {}
  void forward(const Lent& lent) override {
    math::piecewise_linear(lent.in[0].reals(), rows_, numbers_, lent.buffers[0], bins_, lent.out[0].reals());
  }
  void backward(const Lent& lent) override {
    if (lent.din[0])
      math::piecewise_linear_backward(lent.in[0].reals(), lent.dout[0].reals(), rows_, numbers_,
                                      lent.buffers[0], bins_, lent.din[0].reals());
  }

 private:
  int rows_, numbers_, bins_;
};

/// (numbers) to (numbers * bins). The edges of the bins are quantiles of what the training rows bring.
struct Bins final : Layer {
  int bins;
  explicit Bins(int count) : bins(count) {}
  Plan plan(std::span<const Port> in) const override {
    const int numbers = in[0].width();
    Plan plan;
    plan.out = {in[0]};
    plan.out[0].features.reset();
    plan.out[0].shape = Shape{numbers * bins};
    plan.buffers.push_back({"edges", {numbers, bins + 1}, nullptr, Role::norm});
    plan.backward_reads_in = plan.fits = true;
    return plan;
  }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode) const override {
    return std::make_unique<PiecewiseLinearPass>(batch.rows(), in[0].width(), bins);
  }
  void fit(const View& in, std::span<Real* const> buffers) const override {
    math::quantile_edges(in.reals(), in.rows(), in.width(), bins, buffers[0]);
  }
};

/// Gorishniy, Rubachev, Babenko 2022: piecewise-linear encoding by quantiles, linear, relu.
struct PiecewiseLinear final : NumberEmbedding {
  std::int64_t bins = 16;

  void visit(Visitor& v) override {
    v("bins", bins, between(1, 1 << 12), "between quantiles of the training rows");
    visit_units(v);
  }

 protected:
  std::shared_ptr<const Layer> encoder() const override {
    return std::make_shared<Bins>(static_cast<int>(bins));
  }
  int expansion() const override { return static_cast<int>(bins); }
};

}  // namespace

extern const Entry piecewise_linear = {
    "piecewise_linear",
    "says how far each number has come in each of its bins, then a small dense layer of its own",
    "PiecewiseLinearEmbeddings PLE piecewise_linear_encoding quantile_bins",
    "piecewise_linear: {bins: 8, units: 4}",
    "7",
    make<PiecewiseLinear>};

}  // namespace bpnet::layer_entries
