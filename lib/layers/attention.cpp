#include "layers/attention.hpp"

#include "layers/dense.hpp"
#include "layers/sequence.hpp"

namespace bpnet {

void AttentionOptions::visit(Visitor& v) {
  v("heads", heads, between(1, 4096), "each looks at the steps in its own way; they share the width");
  v.optional("kv_heads", key_heads, "all", between(1, 4096),
             "heads of keys and values, each shared by as many heads of queries");
  v("causal", causal, "a step looks at itself and those before it only");
  v("rotary", rotary, "turn queries and keys by their positions");
  v("dropout", dropout, share_below_one(), "share of the weights set to zero in training");
  v("bias", bias, "add learnt biases");
}

std::shared_ptr<AttentionHeads> AttentionOptions::layer() const {
  auto made = std::make_shared<AttentionHeads>();
  made->heads = static_cast<int>(heads);
  made->key_heads = static_cast<int>(key_heads.value_or(heads));
  made->causal = causal;
  made->rotary = rotary;
  made->dropout = dropout;
  return made;
}

void AttentionOptions::check(int width) const {
  if (width % heads != 0)
    throw Misfit{
        "cannot cut a width of " + std::to_string(width) + " into " + std::to_string(heads) + " heads",
        {"heads must divide the width"}};
  if (heads % key_heads.value_or(heads) != 0)
    throw Misfit{"has " + std::to_string(heads) + " heads, which " + std::to_string(*key_heads) +
                     " kv_heads cannot share evenly",
                 {"kv_heads must divide heads"}};
  if (rotary && width / heads % 2 != 0)
    throw Misfit{"turns pairs of numbers, but a head has " + std::to_string(width / heads),
                 {"choose heads so that each has an even width, or rotary: false"}};
}

namespace {
int add_projection(Builder& builder, const std::string& name, int units, bool bias, int in) {
  const auto dense = std::make_shared<Dense>(units);
  dense->bias = bias;
  return builder.add(name, dense, {in});
}

/// Throws Misfit unless what an encoder put out has steps to look at.
void require_memory(const Builder& builder, int memory) {
  const Port& port = builder.port(memory);
  if (port.time == 0)
    throw Misfit{
        "looks at steps of the encoder, but its last layer, " + builder.path(memory) +
            ", puts out one row a sample: " + port.shape.text(),
        {"take what makes one row of all steps out of the encoder: a pooling layer, or output: last"}};
  require_sequence(port);
}
}  // namespace

int add_attention(Builder& builder, const std::string& scope, const AttentionOptions& options, int in) {
  require_sequence(builder.port(in));
  const int width = builder.port(in).width();
  options.check(width);
  const auto layer = options.layer();
  const int keys = width / layer->heads * layer->key_heads;
  in = add_projection(builder, scope + "in_proj", width + 2 * keys, options.bias, in);
  in = builder.add(scope + "heads", layer, {in});
  return add_projection(builder, scope + "out_proj", width, options.bias, in);
}

int add_cross_attention(Builder& builder, const std::string& scope, const AttentionOptions& options, int in,
                        int memory) {
  require_sequence(builder.port(in));
  require_memory(builder, memory);
  const int width = builder.port(in).width();
  options.check(width);
  const auto layer = options.layer();
  const int keys = 2 * (width / layer->heads * layer->key_heads);
  in = add_projection(builder, scope + "q_proj", width, options.bias, in);
  in = builder.add(scope + "heads", layer,
                   {in, add_projection(builder, scope + "kv_proj", keys, options.bias, memory)});
  return add_projection(builder, scope + "out_proj", width, options.bias, in);
}

namespace layer_entries {

namespace {
struct SelfAttention final : Element {
  AttentionOptions options;
  void visit(Visitor& v) override { options.visit(v); }
  int add_to(Builder& builder, int in) const override { return add_attention(builder, "", options, in); }
};
}  // namespace

extern const Entry attention = {"attention",
                                "lets each step of a sequence look at the others",
                                "MultiheadAttention MultiHeadAttention self_attention mha "
                                "MultiHeadDotProductAttention GroupQueryAttention SelfAttention",
                                "attention: {heads: 2, causal: true}",
                                "4@5",
                                make<SelfAttention>};
}  // namespace layer_entries

}  // namespace bpnet
