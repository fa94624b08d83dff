#include <algorithm>

#include "layers/activation_node.hpp"
#include "layers/dense.hpp"
#include "layers/merge.hpp"
#include "layers/window.hpp"

namespace bpnet::layer_entries {

namespace {
/// Channels scaled by what a small network makes of their means: Hu, Shen, Sun 2018.
struct SqueezeExcite final : Element {
  std::int64_t reduction = 16;
  Choice activation = choose(layers, "relu"), gate = choose(layers, "sigmoid");

  void visit(Visitor& v) override {
    v("reduction", reduction, between(1, 1 << 20),
      "the small network's units are the channels divided by this");
    v("activation", activation, layers, "between its two layers");
    v("gate", gate, layers, "behind them: sigmoid, or hard_sigmoid");
  }
  int add_to(Builder& builder, int in) const override {
    require_image(builder.port(in));
    const int channels = builder.port(in).shape[2];
    const auto dense = [&](const char* part, int units, const Choice& behind, int from) {
      return add_activation(builder, behind, builder.add(part, std::make_shared<Dense>(units), {from}));
    };
    const int means = builder.add("means", choose(layers, "global_average_pool").as<Layer>(), {in});
    const int units = std::max(1, channels / static_cast<int>(reduction));
    const int small = dense("squeeze", units, activation, means);
    return builder.add("scale", std::make_shared<ScaleChannels>(),
                       {in, dense("excite", channels, gate, small)});
  }
};
}  // namespace

extern const Entry squeeze_excite = {
    "squeeze_excite",
    "scales each channel of an image by what two dense layers make of all channels' means",
    "SqueezeExcitation SEBlock SELayer se squeeze_excitation",
    "squeeze_excite: 2",
    "3x2x4",
    make<SqueezeExcite>};

}  // namespace bpnet::layer_entries
