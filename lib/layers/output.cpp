#include "layers/dense.hpp"
#include "layers/members.hpp"
#include "layers/tied_dense.hpp"

namespace bpnet::layer_entries {

namespace {
/// A dense layer for each target, as wide as its loss wants.
struct Output final : Element {
  bool bias = true;
  Choice initialiser;
  std::string tied;

  void visit(Visitor& v) override {
    v("bias", bias, "add a learnt bias");
    v("initialiser", initialiser, initialisers, "first weights; glorot_uniform when not given");
    v.unless_empty("tied", tied, "none", "name of an embedding whose vectors are the weights");
  }
  int add_to(Builder& builder, int in) const override {
    in = with_members(builder, in);
    if (const Shape& shape = builder.port(in).shape; shape.axes() > (builder.members() > 1 ? 2 : 1))
      throw Misfit{"makes its answer of one row of numbers, but its input is " + shape.text(),
                   {"put a flatten in front of it"}};
    int node = in;
    const auto heads = builder.heads();
    for (std::size_t h = 0; h < heads.size(); ++h) {
      node = builder.add(heads.size() == 1 ? "" : heads[h].target,
                         builder.members() > 1 ? own_heads(heads[h].width) : head(builder, heads[h].width),
                         {in});
      builder.serve(h, node);
    }
    return node;
  }

 private:
  std::shared_ptr<const Layer> head(const Builder& builder, int width) const {
    if (!tied.empty()) return tied_to(builder, tied, width, bias);
    const auto layer = std::make_shared<Dense>(width);
    layer->bias = bias;
    layer->initialiser = initialiser;
    return layer;
  }
  std::shared_ptr<const Layer> own_heads(int width) const {
    const auto layer = std::make_shared<MemberDense>(width);
    layer->bias = bias;
    if (initialiser) layer->initialiser = initialiser.as<Initialiser>().get();
    return layer;
  }
};
}  // namespace

extern const Entry output = {"output",
                             "a dense layer as wide as the target needs, one for each target",
                             "Output head classifier predictions",
                             "output",
                             "7",
                             make<Output>};

}  // namespace bpnet::layer_entries
