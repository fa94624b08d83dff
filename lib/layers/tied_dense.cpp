#include "layers/tied_dense.hpp"

#include "layers/dense.hpp"
#include "layers/numbers.hpp"

namespace bpnet {

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
  return dense_pass({batch.rows(), shape[1], shape[0], bias, true}, batch.precision, mode);
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
