#include "layers/embedding.hpp"

#include "layers/numbers.hpp"
#include "layers/tied_dense.hpp"
#include "math/elements.hpp"

namespace bpnet {

namespace {

class EmbeddingPass final : public Pass {
 public:
  EmbeddingPass(int codes, int units) : codes_(codes), units_(units) {}
  void forward(const Lent& lent) override {
    math::lookup(lent.parameters[0], lent.in[0].integers(), codes_, units_, lent.out[0].reals());
  }
  void backward(const Lent& lent) override {
    if (lent.gradients[0])
      math::add_to_rows(lent.dout[0].reals(), lent.in[0].integers(), codes_, units_, lent.gradients[0]);
  }

 private:
  int codes_, units_;
};

}  // namespace

Embedding::Embedding() = default;
Embedding::Embedding(int width) : units(width) {}

void Embedding::visit(Visitor& v) {
  v("units", units, between(1, 1 << 20), "numbers that stand for one category");
  v("initialiser", initialiser, initialisers, "first vectors; normal when not given");
  v.unless_empty("tied", tied, "none", "name of an embedding before it whose vectors these are");
}

int Embedding::add_to(Builder& builder, int in) const {
  if (tied.empty()) return Layer::add_to(builder, in);
  auto shared = std::make_shared<Embedding>(*this);
  const auto of = tied_to(builder, tied, builder.port(in).classes, false);
  if (of->shape[1] != units)
    throw Misfit{"has vectors of " + std::to_string(units) + " numbers, but '" + tied + "' of " +
                     std::to_string(of->shape[1]),
                 {"give both the same units"}};
  shared->weight = of->weight;
  return builder.add("", shared, {in});
}

Plan Embedding::plan(std::span<const Port> in) const {
  if (in[0].type != Type::i32)
    throw Misfit{"takes category codes, but its input is " + in[0].shape.text() + " numbers",
                 {"put it first in a stack whose features are all categories"}};
  Plan plan;
  const int wide = static_cast<int>(units);
  Port out;
  out.shape = Shape{size_of_axis(in[0].width() * units)};
  out.features = std::make_shared<Features>(
      Features{0, std::vector<int>(static_cast<std::size_t>(in[0].width()), wide)});
  plan.out = {out};
  plan.backward_reads_in = true;
  const Initialiser* init = initialiser ? initialiser.as<Initialiser>().get() : initialiser_named("normal");
  plan.parameters.push_back(
      {"weight", {in[0].classes, wide}, init, Role::embedding, in[0].classes, wide, FileOrder::same, weight});
  return plan;
}

std::unique_ptr<Pass> Embedding::prepare(std::span<const Port> in, Batch batch, Mode) const {
  return std::make_unique<EmbeddingPass>(batch.rows() * in[0].width(), static_cast<int>(units));
}

namespace layer_entries {
extern const Entry embedding = {
    "embedding",
    "a learnt vector for each category; several categories in a row are put side by side",
    "Embedding lookup_table EmbeddingBag",
    "embedding: 3",
    "i32:2:5",
    make<Embedding>};
}

}  // namespace bpnet
