#include "layers/numbers.hpp"
#include "math/elements.hpp"

namespace bpnet::layer_entries {

namespace {

class FlattenPass final : public Pass {
 public:
  explicit FlattenPass(std::size_t elements) : elements_(elements) {}
  void forward(const Lent& lent) override { copy(lent.in[0].reals(), lent.out[0].reals()); }
  void backward(const Lent& lent) override {
    if (lent.din[0]) copy(lent.dout[0].reals(), lent.din[0].reals());
  }

 private:
  void copy(const Real* from, Real* to) const {
    if (from != to) math::copy(from, elements_, to);
  }
  std::size_t elements_;
};

struct Flatten final : Layer {
  bool learns() const override { return false; }
  Plan plan(std::span<const Port> in) const override {
    require_numbers(in[0]);
    Plan plan;
    plan.out = {in[0]};
    plan.out[0].shape = Shape{in[0].width()};
    plan.in_place = true;
    return plan;
  }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode) const override {
    return std::make_unique<FlattenPass>(in[0].shape.elements() * static_cast<std::size_t>(batch.rows()));
  }
};

}  // namespace

extern const Entry flatten = {
    "flatten",    "all axes of a row one behind the other", "Flatten reshape ravel", "flatten", "4x3",
    make<Flatten>};

}  // namespace bpnet::layer_entries
