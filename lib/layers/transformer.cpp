#include "layers/transformer.hpp"

#include "layers/dense.hpp"
#include "layers/dropout.hpp"
#include "layers/merge.hpp"
#include "layers/sequence.hpp"

namespace bpnet {

namespace {

constexpr const char* activations[] = {"gelu", "gelu_tanh", "relu", "swiglu"};

/// One layer of the stack, as wide as its input.
class Stacker {
 public:
  Stacker(Builder& builder, const TransformerOptions& options, std::string scope)
      : builder_(builder), options_(options), attention_(options.attention), scope_(std::move(scope)) {
    attention_.dropout = options.dropout;
  }

  int add(int in, int memory) {
    in = part("1", in,
              [&](int node) { return add_attention(builder_, scope_ + "self_attn.", attention_, node); });
    if (memory < 0) return part("2", in, [&](int node) { return feed_forward(node); });
    in = part("2", in, [&](int node) {
      AttentionOptions cross = attention_;
      cross.causal = cross.rotary = false;
      return add_cross_attention(builder_, scope_ + "multihead_attn.", cross, node, memory);
    });
    return part("3", in, [&](int node) { return feed_forward(node); });
  }

 private:
  /// in + part(in), normalised before or behind.
  template <class Part>
  int part(const std::string& number, int in, Part inner) {
    const bool before = options_.norm == TransformerOptions::Norm::pre;
    const int last = inner(before ? norm(number, in) : in);
    const int dropped = add_dropout(builder_, scope_ + "dropout" + number, options_.dropout, last);
    const int sum = builder_.add(scope_ + "sum" + number, std::make_shared<Add>(), {in, dropped});
    return before ? sum : norm(number, sum);
  }
  int norm(const std::string& number, int in) {
    return builder_.add(scope_ + "norm" + number, choose(layers, "layer_norm").as<Layer>(), {in});
  }
  int dense(const std::string& name, int units, int in) {
    const auto layer = std::make_shared<Dense>(units);
    layer->bias = options_.attention.bias;
    return builder_.add(scope_ + name, layer, {in});
  }
  int feed_forward(int in) {
    using Activation = TransformerOptions::Activation;
    const int width = builder_.port(in).width();
    const bool gated = options_.activation == Activation::swiglu;
    const auto units = static_cast<int>(options_.feed_forward.value_or(gated ? 8 * width / 3 : 4 * width));
    const char* const name = gated ? "silu" : activations[static_cast<std::size_t>(options_.activation)];
    int node = builder_.add(scope_ + name, choose(layers, name).as<Layer>(), {dense("linear1", units, in)});
    if (gated)
      node =
          builder_.add(scope_ + "product", std::make_shared<Multiply>(), {node, dense("linear3", units, in)});
    node = add_dropout(builder_, scope_ + "dropout", options_.dropout, node);
    return dense("linear2", width, node);
  }

  Builder& builder_;
  const TransformerOptions& options_;
  AttentionOptions attention_;
  std::string scope_;
};

}  // namespace

void TransformerOptions::visit(Visitor& v) {
  static constexpr const char* norms[] = {"pre", "post"};
  v("layers", depth, between(1, 1000), "how many follow one another");
  v("heads", attention.heads, between(1, 4096), "of attention; they share the width");
  v.optional("kv_heads", attention.key_heads, "all", between(1, 4096),
             "heads of keys and values, each shared by as many heads of queries");
  v.optional("units", units, "none", between(1, 1 << 20),
             "its width; a dense layer in front brings another one to it");
  v.optional("feed_forward", feed_forward, "auto", between(1, 1 << 24),
             "units of the dense layers between; auto: 4 times the width, 8/3 times for swiglu");
  v("dropout", dropout, share_below_one(),
    "share of weights of attention and of numbers set to zero in training");
  v("activation", activation, activations, "of the dense layers between");
  v("norm", norm, norms, "normalise what a part reads (and what the last layer puts out), or each sum");
  v("causal", attention.causal, "a step looks at itself and those before it only");
  v("rotary", attention.rotary, "turn queries and keys by their positions");
  v("bias", attention.bias, "add learnt biases");
}

int add_transformer(Builder& builder, const TransformerOptions& options, int in, int memory) {
  require_sequence(builder.port(in));
  if (options.units && *options.units != builder.port(in).width())
    in = builder.add("in", std::make_shared<Dense>(static_cast<int>(*options.units)), {in});
  for (std::int64_t i = 1; i <= options.depth; ++i)
    in = Stacker(builder, options, std::to_string(i) + ".").add(in, memory);
  if (options.norm == TransformerOptions::Norm::post) return in;
  return builder.add("norm", choose(layers, "layer_norm").as<Layer>(), {in});
}

namespace layer_entries {

namespace {
struct Transformer final : Element {
  TransformerOptions options;
  void visit(Visitor& v) override { options.visit(v); }
  int add_to(Builder& builder, int in) const override {
    return add_transformer(builder, options, in, builder.memory());
  }
};
}  // namespace

extern const Entry transformer = {
    "transformer",
    "layers of attention and dense layers, each adding to what it reads; in a "
    "decoder they look at the encoder's steps too",
    "TransformerEncoder TransformerEncoderLayer gpt encoder_block TransformerDecoder encoder decoder",
    "transformer: {layers: 1, heads: 2, causal: true}",
    "4@5",
    make<Transformer>};
}  // namespace layer_entries

}  // namespace bpnet
