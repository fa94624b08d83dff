#include "layers/tied_dense.hpp"

#include <algorithm>

#include "layers/numbers.hpp"
#include "math/elements.hpp"
#include "math/product.hpp"

namespace bpnet {

namespace {

class TiedDensePass final : public Pass {
 public:
  TiedDensePass(int rows, int units, int classes, bool bias, Precision precision, bool learning)
      : rows_(rows),
        classes_(classes),
        bias_(bias),
        forward_(math::prepare_product({rows, classes, units, false, true, false, bias, precision})) {
    scratch_bytes = forward_->scratch_bytes;
    if (!learning) return;
    input_ = math::prepare_product({rows, units, classes, false, false, false, false, precision});
    weight_ = math::prepare_product({classes, units, rows, true, false, true, false, precision});
    scratch_bytes = std::max({scratch_bytes, input_->scratch_bytes, weight_->scratch_bytes});
  }
  void forward(const Lent& lent) override {
    forward_->run(lent.in[0].reals(), lent.parameters[0], bias_ ? lent.parameters[1] : nullptr,
                  lent.out[0].reals(), lent.scratch);
  }
  void backward(const Lent& lent) override {
    const Real* dout = lent.dout[0].reals();
    if (lent.gradients[0]) weight_->run(dout, lent.in[0].reals(), nullptr, lent.gradients[0], lent.scratch);
    if (bias_ && lent.gradients[1]) math::add_column_sums(dout, rows_, classes_, lent.gradients[1]);
    if (lent.din[0]) input_->run(dout, lent.parameters[0], nullptr, lent.din[0].reals(), lent.scratch);
  }

 private:
  int rows_, classes_;
  bool bias_;
  std::unique_ptr<math::Product> forward_, input_, weight_;
};

}  // namespace

Plan TiedDense::plan(std::span<const Port> in) const {
  require_numbers(in[0]);
  if (in[0].shape.axes() != 1 || in[0].width() != shape[1])
    throw Misfit{
        "shares vectors of " + std::to_string(shape[1]) + " numbers, but its input is " + in[0].shape.text(),
        {"put a dense: " + std::to_string(shape[1]) + " in front of it"}};
  Plan plan;
  plan.out = {in[0]};
  plan.out[0].features.reset();
  plan.out[0].shape = Shape{shape[0]};
  Parameter same{"weight", shape, nullptr, Role::embedding, shape[1], shape[0]};
  same.same_as = weight;
  plan.parameters.push_back(std::move(same));
  if (bias) plan.parameters.push_back({"bias", {shape[0]}, nullptr, Role::bias, shape[1], shape[0]});
  plan.backward_reads_in = true;
  plan.multiply_adds = static_cast<std::int64_t>(shape.elements());
  return plan;
}

std::unique_ptr<Pass> TiedDense::prepare(std::span<const Port>, Batch batch, Mode mode) const {
  return std::make_unique<TiedDensePass>(batch.rows(), shape[1], shape[0], bias, batch.precision,
                                         mode == Mode::training || mode == Mode::explaining);
}

std::shared_ptr<const TiedDense> tied_to(const Builder& builder, const std::string& name, int width,
                                         bool bias) {
  const int node = builder.find(name);
  const Parameter* weight = nullptr;
  if (node >= 0)
    for (const Parameter& p : builder.plan(node).parameters)
      if (p.role == Role::embedding) weight = &p;
  if (!weight)
    throw Misfit{"is tied to '" + name + "', but no embedding before it has that name",
                 {"name it: embedding: {units: 128, name: " + name + "}"}};
  if (weight->shape[0] != width)
    throw Misfit{"needs " + std::to_string(width) + " outputs, but the embedding '" + name + "' has " +
                     std::to_string(weight->shape[0]) + " vectors",
                 {"only an embedding of the same vocabulary can be shared"}};
  auto tied = std::make_shared<TiedDense>();
  tied->weight = builder.path(node) + "." + weight->name;
  tied->shape = weight->shape;
  tied->bias = bias;
  return tied;
}

}  // namespace bpnet
