#include "layers/recurrent.hpp"

#include <cmath>

#include "initialisers/fills.hpp"
#include "layers/dropout.hpp"
#include "layers/merge.hpp"
#include "layers/sequence.hpp"

namespace bpnet {

namespace {

class RecurrentPass final : public Pass {
 public:
  RecurrentPass(const math::RecurrentShape& shape, bool carries) : kernel_(shape), carries_(carries) {
    saved_bytes = kernel_.saved_bytes;
    scratch_bytes = kernel_.scratch_bytes;
    if (carries)
      carry_bytes = static_cast<std::size_t>(shape.samples) *
                    static_cast<std::size_t>(kernel_.carried_per_sample()) * sizeof(Real);
  }
  void forward(const Lent& lent) override {
    kernel_.forward(lent.in[0].reals(), lent.in[0].lengths, weights<const Real>(lent.parameters),
                    lent.out[0].reals(), carries_ ? reinterpret_cast<Real*>(lent.carry) : nullptr, lent.saved,
                    lent.scratch);
  }
  void backward(const Lent& lent) override {
    kernel_.backward(lent.in[0].reals(), lent.in[0].lengths, weights<const Real>(lent.parameters),
                     lent.dout[0].reals(), lent.din[0] ? lent.din[0].reals() : nullptr,
                     weights<Real>(lent.gradients), lent.fresh, lent.saved, lent.scratch);
  }

 private:
  template <class T>
  static math::RecurrentWeights<T> weights(std::span<Real* const> tensors) {
    const bool bias = tensors.size() > 2;
    return {tensors[0], tensors[1], bias ? tensors[2] : nullptr, bias ? tensors[3] : nullptr};
  }
  math::Recurrent kernel_;
  bool carries_;
};

}  // namespace

void GateInitialiser::fill(std::span<Real> values, const Shape&, int, int, Draw draw) const {
  fill_uniform(values, 1 / std::sqrt(static_cast<double>(units)), draw);
  if (raised < 0) return;
  const auto n = static_cast<std::size_t>(units);
  for (Real& x : values.subspan(static_cast<std::size_t>(raised) * n, n)) x += static_cast<Real>(by);
}

RecurrentLayer::RecurrentLayer(math::Cell kind_of_cell, int wide) : cell(kind_of_cell), units(wide) {
  weights.units = biases.units = wide;
}

Plan RecurrentLayer::plan(std::span<const Port> in) const {
  require_sequence(in[0]);
  const int width = in[0].width(), wide = math::gates_of(cell) * units;
  Plan plan;
  plan.out = {in[0]};
  plan.out[0].features.reset();
  plan.out[0].shape = Shape{units};
  plan.sets_steps = last;
  plan.looks_ahead = reverse;
  if (last) plan.out[0].time = 0;
  plan.parameters = {
      {"weight_ih" + suffix, {width, wide}, &weights, Role::matrix, width, units, FileOrder::transposed},
      {"weight_hh" + suffix, {units, wide}, &weights, Role::matrix, units, units, FileOrder::transposed}};
  if (bias) {
    plan.parameters.push_back({"bias_ih" + suffix, {wide}, &biases, Role::bias, width, units});
    plan.parameters.push_back({"bias_hh" + suffix, {wide}, &weights, Role::bias, units, units});
  }
  plan.backward_reads_in = true;
  plan.assigns_gradients = true;
  plan.multiply_adds = static_cast<std::int64_t>(width + units) * wide;
  return plan;
}

std::unique_ptr<Pass> RecurrentLayer::prepare(std::span<const Port> in, Batch batch, Mode mode) const {
  math::RecurrentShape shape;
  shape.cell = cell;
  shape.samples = batch.samples;
  shape.steps = batch.steps;
  shape.in = in[0].width();
  shape.hidden = units;
  shape.reverse = reverse;
  shape.last = last;
  shape.bias = bias;
  shape.backward = mode == Mode::training || mode == Mode::explaining;
  shape.precision = batch.precision;
  return std::make_unique<RecurrentPass>(shape, (mode == Mode::generating || batch.carries) && !reverse);
}

void RecurrentBlock::visit(Visitor& v) {
  static constexpr const char* outputs[] = {"all", "last"};
  v("units", units, between(1, 1 << 20), "size of the state");
  v("layers", depth, between(1, 100), "how many follow one another");
  v("bidirectional", bidirectional, "go through the steps backwards too, and put both states side by side");
  v("dropout", dropout, share_below_one(),
    "share of the elements set to zero between its layers in training");
  v("output", output, outputs, "the states of all steps, or the last state of each direction");
  v("bias", bias, "add learnt biases");
}

int RecurrentBlock::add_to(Builder& builder, int in) const {
  if (dropout > 0 && depth == 1)
    throw Misfit{"has dropout between its layers, but it has one layer only",
                 {"write layers: 2, or put a dropout layer behind it"}};
  for (std::int64_t i = 0; i < depth; ++i) {
    const std::string suffix = "_l" + std::to_string(i);
    const auto direction = [&](bool reverse) {
      const auto layer = std::make_shared<RecurrentLayer>(cell(), static_cast<int>(units));
      layer->bias = bias;
      layer->reverse = reverse;
      layer->last = output == Output::last && i + 1 == depth;
      layer->suffix = suffix + (reverse ? "_reverse" : "");
      if (raised() != 0) {
        layer->biases.raised = 1;
        layer->biases.by = raised();
      }
      return builder.add("", layer, {in});
    };
    const int forward = direction(false);
    in = bidirectional ? builder.add("both" + suffix, std::make_shared<Concat>(), {forward, direction(true)})
                       : forward;
    if (i + 1 < depth) in = add_dropout(builder, "dropout" + suffix, dropout, in);
  }
  return in;
}

}  // namespace bpnet
