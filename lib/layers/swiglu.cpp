#include "layers/dense.hpp"
#include "layers/members.hpp"
#include "layers/merge.hpp"

namespace bpnet::layer_entries {

namespace {
/// silu(in * gate) * (in * value): Shazeer 2020.
struct Swiglu final : Element {
  std::int64_t units = 0;
  bool bias = true;

  void visit(Visitor& v) override {
    v("units", units, between(1, 1 << 24), "outputs per row");
    v("bias", bias, "add learnt biases");
  }
  int add_to(Builder& builder, int in) const override {
    in = with_members(builder, in);
    const auto dense = [&](const char* part) {
      const auto layer = std::make_shared<Dense>(static_cast<int>(units));
      layer->bias = bias;
      return add_dense(builder, part, layer, in);
    };
    const int gate = builder.add("silu", choose(layers, "silu").as<Layer>(), {dense("gate")});
    return builder.add("product", std::make_shared<Multiply>(), {gate, dense("value")});
  }
};
}  // namespace

extern const Entry swiglu = {
    "swiglu",    "a dense layer times the silu of another", "SwiGLU SwiGlu glu gated", "swiglu: 5", "7",
    make<Swiglu>};

}  // namespace bpnet::layer_entries
