#include "layers/feature_dense.hpp"

#include <algorithm>
#include <numeric>

#include "layers/merge.hpp"
#include "layers/numbers.hpp"
#include "math/elements.hpp"
#include "math/features.hpp"

namespace bpnet {

namespace {

class FeatureDensePass final : public Pass {
 public:
  FeatureDensePass(const FeatureDense& of, int rows)
      : ends_(of.ends), units_(of.units), rows_(rows), front_(of.class_token ? of.units : 0) {}
  void forward(const Lent& lent) override {
    Real* out = lent.out[0].reals();
    const int width = lent.out[0].width();
    for (std::ptrdiff_t r = 0; r < rows_ && front_ > 0; ++r)
      std::copy_n(lent.parameters[2], front_, out + r * width);
    math::feature_product({ends_, units_}, lent.in[0].reals(), rows_, lent.parameters[0], lent.parameters[1],
                          out + front_, width);
  }
  void backward(const Lent& lent) override {
    const Real* dout = lent.dout[0].reals();
    const int width = lent.dout[0].width();
    if (front_ > 0 && lent.gradients[2])
      for (std::ptrdiff_t r = 0; r < rows_; ++r)
        math::add(lent.gradients[2], dout + r * width, static_cast<std::size_t>(front_), lent.gradients[2]);
    math::feature_product_backward({ends_, units_}, lent.in[0].reals(), dout + front_, width, rows_,
                                   lent.parameters[0], lent.din[0].reals(), lent.gradients[0],
                                   lent.gradients[1]);
  }

 private:
  std::vector<int> ends_;
  int units_, rows_, front_;  // front: width of the class token
};

}  // namespace

FeatureDense::FeatureDense(const std::vector<int>& widths, int wide) : ends(widths.size()), units(wide) {
  std::partial_sum(widths.begin(), widths.end(), ends.begin());
}

Plan FeatureDense::plan(std::span<const Port> in) const {
  const int features = static_cast<int>(ends.size()), columns = ends.back();
  Plan plan;
  plan.out = {in[0]};
  plan.out[0].features.reset();
  plan.out[0].shape = tokens ? Shape{features + (class_token ? 1 : 0), units} : Shape{features * units};
  // Tokens: a column's weights are the vector it stands for, whatever the number of columns.
  const int fan_in = tokens ? units : columns / features;
  const Initialiser* init = initialiser_named(tokens ? "lecun_uniform" : "glorot_uniform");
  // Tokens are vectors of one table, dense layers a matrix each.
  if (tokens)
    plan.parameters.push_back({"weight", {columns, units}, init, Role::embedding, fan_in, units});
  else
    plan.parameters.push_back(
        {"weight", {features, columns / features, units}, init, Role::matrix, fan_in, units});
  plan.parameters.push_back({"bias", {features, units}, tokens ? init : nullptr, Role::bias, fan_in, units});
  if (class_token) plan.parameters.push_back({"class_token", {units}, init, Role::bias, fan_in, units});
  plan.backward_reads_in = true;
  plan.multiply_adds = std::int64_t{columns} * units;
  return plan;
}

std::unique_ptr<Pass> FeatureDense::prepare(std::span<const Port>, Batch batch, Mode) const {
  return std::make_unique<FeatureDensePass>(*this, batch.rows());
}

Features features_of(const Port& port) {
  require_numbers(port);
  if (port.shape.axes() != 1)
    throw Misfit{"takes one number a feature, but its input is " + port.shape.text(), {}};
  return port.features ? *port.features : Features{port.width(), {}};
}

NumberEmbedding::NumberEmbedding() : activation(choose(layers, "relu")) {}

void NumberEmbedding::visit_units(Visitor& v) {
  const bool had = units.has_value();
  v.optional("units", units, "none", between(1, 1 << 16),
             "numbers each number becomes, by a dense layer of its own; none: no dense layer");
  if (had && !units) activation = {};  // the default has nothing to stand behind
  v("activation", activation, layers, "layer put behind the dense layers, none for linear ones");
}

int NumberEmbedding::add_to(Builder& builder, int in) const {
  if (!units && activation)
    throw Misfit{"has no dense layers to put '" + activation.name() + "' behind, as its units are none",
                 {"leave the activation out, or give the units"}};
  const Features features = features_of(builder.port(in));
  const int numbers = features.numbers, others = builder.port(in).width() - numbers;
  if (numbers == 0)
    throw Misfit{"embeds numbers, but its input has none",
                 {"leave it out, or give its stack number columns"}};
  int node = others == 0 ? in : builder.add("numbers", std::make_shared<Slice>(0, numbers), {in});
  node = builder.add("encoding", encoder(), {node});
  if (units) {
    const std::vector<int> widths(static_cast<std::size_t>(numbers), expansion());
    node = builder.add("dense", std::make_shared<FeatureDense>(widths, static_cast<int>(*units)), {node});
    if (activation) {
      const auto behind = activation.as<Layer>();
      if (!behind) throw Misfit{"activation '" + activation.name() + "' is a block of layers", {}};
      node = builder.add(activation.name(), behind, {node});
    }
  }
  if (others == 0) return node;
  const int rest = builder.add("others", std::make_shared<Slice>(numbers, others), {in});
  return builder.add("concat", std::make_shared<Concat>(), {node, rest});
}

}  // namespace bpnet
