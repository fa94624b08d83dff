#include "layers/attention.hpp"

namespace bpnet::layer_entries {

namespace {
/// Queries are of the stack's own steps, keys and values of the memory's.
struct CrossAttention final : Element {
  AttentionOptions options;
  void visit(Visitor& v) override {
    v("heads", options.heads, between(1, 4096),
      "each looks at the memory in its own way; they share the width");
    v.optional("kv_heads", options.key_heads, "all", between(1, 4096),
               "heads of keys and values, each shared by as many heads of queries");
    v("dropout", options.dropout, share_below_one(), "share of the weights set to zero in training");
    v("bias", options.bias, "add learnt biases");
  }
  int add_to(Builder& builder, int in) const override {
    if (builder.memory() < 0)
      throw Misfit{"looks at what an encoder made, and here is none",
                   {"it is for the decoder of task: sequence_to_sequence; attention looks at its own steps"}};
    return add_cross_attention(builder, "", options, in, builder.memory());
  }
};
}  // namespace

extern const Entry cross_attention = {"cross_attention",
                                      "lets each step of a decoder look at the steps of the encoder",
                                      "MultiheadCrossAttention encoder_decoder_attention",
                                      "cross_attention: {heads: 2}",
                                      "",
                                      make<CrossAttention>};

}  // namespace bpnet::layer_entries
