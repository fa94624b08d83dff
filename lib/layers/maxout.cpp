#include "layers/dense.hpp"
#include "math/elements.hpp"

namespace bpnet::layer_entries {

namespace {

class GreatestPass final : public Pass {
 public:
  GreatestPass(std::size_t elements, int pieces) : elements_(elements), pieces_(pieces) {}
  void forward(const Lent& lent) override {
    math::greatest(lent.in[0].reals(), elements_, pieces_, lent.out[0].reals());
  }
  void backward(const Lent& lent) override {
    if (lent.din[0])
      math::greatest_backward(lent.in[0].reals(), lent.dout[0].reals(), elements_, pieces_,
                              lent.din[0].reals());
  }

 private:
  std::size_t elements_;
  int pieces_;
};

/// The greatest of each `pieces` columns side by side.
struct Greatest final : Layer {
  int pieces;
  explicit Greatest(int count) : pieces(count) {}
  bool learns() const override { return false; }
  Plan plan(std::span<const Port> in) const override {
    Plan plan;
    plan.out = {in[0]};
    plan.out[0].shape[-1] /= pieces;
    plan.backward_reads_in = true;
    return plan;
  }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode) const override {
    return std::make_unique<GreatestPass>(
        static_cast<std::size_t>(batch.rows()) * in[0].shape.elements() / static_cast<std::size_t>(pieces),
        pieces);
  }
};

/// Goodfellow, Warde-Farley, Mirza, Courville, Bengio 2013.
struct Maxout final : Element {
  std::int64_t units = 0, pieces = 2;

  void visit(Visitor& v) override {
    v("units", units, between(1, 1 << 20), "outputs per row");
    v("pieces", pieces, between(2, 64), "straight lines that an output is the greatest of");
  }
  int add_to(Builder& builder, int in) const override {
    const int lines =
        add_dense(builder, "dense", std::make_shared<Dense>(static_cast<int>(units * pieces)), in);
    return builder.add("greatest", std::make_shared<Greatest>(static_cast<int>(pieces)), {lines});
  }
};

}  // namespace

extern const Entry maxout = {"maxout",
                             "the greatest of several dense layers",
                             "Maxout MaxOut",
                             "maxout: {units: 4, pieces: 3}",
                             "7",
                             make<Maxout>};

}  // namespace bpnet::layer_entries
