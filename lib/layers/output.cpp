#include "layers/dense.hpp"

namespace bpnet::layer_entries {

namespace {
/// A dense layer for each target, as wide as its loss wants.
struct Output final : Element {
  bool bias = true;
  Choice initialiser;

  void visit(Visitor& v) override {
    v("bias", bias, "add a learnt bias");
    v("initialiser", initialiser, initialisers, "first weights; glorot_uniform when not given");
  }
  int add_to(Builder& builder, int in) const override {
    int node = in;
    const auto heads = builder.heads();
    for (std::size_t h = 0; h < heads.size(); ++h) {
      const auto layer = std::make_shared<Dense>(heads[h].width);
      layer->bias = bias;
      layer->initialiser = initialiser;
      node = builder.add(heads.size() == 1 ? "" : heads[h].target, layer, {in});
      builder.serve(h, node);
    }
    return node;
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
