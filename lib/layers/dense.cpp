#include "layers/dense.hpp"

#include <algorithm>

#include "layers/activation_node.hpp"
#include "layers/members.hpp"
#include "math/elements.hpp"
#include "math/product.hpp"

namespace bpnet {

namespace {

class DensePass final : public Pass {
 public:
  DensePass(const DenseShape& s, Precision precision, Mode mode)
      : s_(s),
        forward_(
            math::prepare_product({s.rows, s.units, s.in, false, s.transposed, false, s.bias, precision})) {
    scratch_bytes = forward_->scratch_bytes;
    if (mode == Mode::inference || mode == Mode::generating) return;
    input_ = math::prepare_product({s.rows, s.in, s.units, false, !s.transposed, false, false, precision});
    const int height = s.transposed ? s.units : s.in, width = s.transposed ? s.in : s.units;
    weight_ = math::prepare_product({height, width, s.rows, true, false, false, false, precision});
    add_ = math::prepare_product({height, width, s.rows, true, false, true, false, precision});
    for (const auto* p : {&input_, &weight_, &add_})
      scratch_bytes = std::max(scratch_bytes, (*p)->scratch_bytes);
  }
  void forward(const Lent& lent) override {
    forward_->run(lent.in[0].reals(), lent.parameters[0], s_.bias ? lent.parameters[1] : nullptr,
                  lent.out[0].reals(), lent.scratch);
  }
  void backward(const Lent& lent) override {
    const Real *dout = lent.dout[0].reals(), *in = lent.in[0].reals();
    if (lent.gradients[0])
      (lent.fresh ? weight_ : add_)
          ->run(s_.transposed ? dout : in, s_.transposed ? in : dout, nullptr, lent.gradients[0],
                lent.scratch);
    if (s_.bias && lent.gradients[1]) {
      if (lent.fresh) math::fill(0, static_cast<std::size_t>(s_.units), lent.gradients[1]);
      math::add_column_sums(dout, s_.rows, s_.units, lent.gradients[1]);
    }
    if (lent.din[0]) input_->run(dout, lent.parameters[0], nullptr, lent.din[0].reals(), lent.scratch);
  }

 private:
  DenseShape s_;
  std::unique_ptr<math::Product> forward_, input_, weight_, add_;
};

}  // namespace

std::unique_ptr<Pass> dense_pass(const DenseShape& shape, Precision precision, Mode mode) {
  return std::make_unique<DensePass>(shape, precision, mode);
}

Dense::Dense() = default;
Dense::Dense(int width) : units(width) {}

void Dense::visit(Visitor& v) {
  v("units", units, between(1, 1 << 24), "outputs per row");
  v("activation", activation, layers, "layer put behind it, none for a linear layer");
  v("bias", bias, "add a learnt bias");
  v("initialiser", initialiser, initialisers, "first weights; glorot_uniform when not given");
}

Plan Dense::plan(std::span<const Port> in) const {
  if (in[0].type != Type::real)
    throw Misfit{"takes numbers, but its input is " + std::to_string(in[0].width()) + " category codes",
                 {"put an embedding in front of it"}};
  const Shape& shape = in[0].shape;
  if (shape.axes() == 0) throw Misfit{"needs at least one input", {}};
  Plan plan;
  Port out = in[0];
  out.features.reset();
  const int width = shape[-1], wide = static_cast<int>(units);
  out.shape[-1] = wide;
  plan.out = {out};
  const Initialiser* init =
      initialiser ? initialiser.as<Initialiser>().get() : initialiser_named("glorot_uniform");
  plan.parameters.push_back(
      {"weight", {width, wide}, init, Role::matrix, width, wide, FileOrder::transposed});
  if (bias) plan.parameters.push_back({"bias", {wide}, nullptr, Role::bias, width, wide});
  plan.backward_reads_in = true;
  plan.assigns_gradients = true;
  plan.multiply_adds = static_cast<std::int64_t>(shape.elements()) * wide;
  return plan;
}

std::unique_ptr<Pass> Dense::prepare(std::span<const Port> in, Batch batch, Mode mode) const {
  const int width = in[0].shape[-1];
  const int rows = batch.rows() * static_cast<int>(in[0].shape.elements() / static_cast<std::size_t>(width));
  return dense_pass({rows, width, static_cast<int>(units), bias}, batch.precision, mode);
}

int add_dense(Builder& builder, const std::string& name, std::shared_ptr<const Dense> layer, int in) {
  if (builder.members() < 2) return builder.add(name, std::move(layer), {in});
  const std::string scope = name.empty() ? "" : name + ".";
  const auto shared = std::make_shared<Dense>(*layer);
  shared->bias = false;
  in = builder.add(scope + "inputs", std::make_shared<MemberScale>(false), {with_members(builder, in, name)});
  return builder.add(scope + "outputs", std::make_shared<MemberScale>(layer->bias),
                     {builder.add(name, shared, {in})});
}

int Dense::add_to(Builder& builder, int in) const {
  const int node = add_dense(builder, "", std::make_shared<Dense>(*this), in);
  return add_activation(builder, activation, node);
}

namespace layer_entries {
extern const Entry dense = {"dense",
                            "fully connected layer: in * weight + bias, on the last axis",
                            "Linear linear fc fully_connected Dense affine",
                            "dense: {units: 5, activation: relu}",
                            "7",
                            make<Dense>};
}

}  // namespace bpnet
