#include "layers/attention.hpp"
#include "layers/sequence.hpp"
#include "math/attention.hpp"

namespace bpnet {

namespace {

class AttentionPass final : public Pass {
 public:
  AttentionPass(const math::AttentionShape& shape, bool crosses, Mode mode)
      : kernel_(shape, mode == Mode::training, mode == Mode::training || mode == Mode::explaining),
        queries_(shape.heads * shape.width),
        keys_(shape.key_heads * shape.width),
        crosses_(crosses),
        goes_on_(shape.positions > 0) {
    saved_bytes = kernel_.saved_bytes;
    scratch_bytes = kernel_.scratch_bytes;
    if (!goes_on_) return;
    carry_bytes = static_cast<std::size_t>(shape.samples) * kernel_.kept_per_sample() * sizeof(Real);
    const auto width = static_cast<std::size_t>(shape.width), columns = kernel_.kept_columns();
    for (int head = 0; head < shape.key_heads && !crosses; ++head) {
      carry_strips.push_back({width, columns * sizeof(Real), sizeof(Real)});              // keys
      carry_strips.push_back({1, width * columns * sizeof(Real), width * sizeof(Real)});  // values
    }
  }
  void forward(const Lent& lent) override {
    math::AttentionInputs in = inputs(lent);
    if (crosses_ && goes_on_ && lent.position > 0) in.k = in.v = nullptr;
    if (goes_on_)
      kernel_.go_on(in, crosses_ ? 0 : lent.position, lent.out[0].reals(),
                    reinterpret_cast<Real*>(lent.carry), lent.scratch);
    else
      kernel_.forward(in, lent.out[0].reals(), reinterpret_cast<Real*>(lent.saved), lent.scratch);
  }
  void backward(const Lent& lent) override {
    const auto reals = [](const View& v) { return v ? v.reals() : nullptr; };
    Real* const queries = reals(lent.din[0]);
    Real* keys = crosses_ ? reals(lent.din[1]) : queries ? queries + queries_ : nullptr;
    kernel_.backward(inputs(lent), lent.dout[0].reals(), reinterpret_cast<const Real*>(lent.saved), queries,
                     keys, keys ? keys + keys_ : nullptr, lent.scratch);
  }

 private:
  math::AttentionInputs inputs(const Lent& lent) const {
    const View& memory = lent.in[crosses_ ? 1 : 0];
    const Real* queries = lent.in[0].reals();
    const Real* keys = crosses_ ? memory.reals() : queries + queries_;
    return {queries, keys, keys + keys_, lent.in[0].lengths, memory.lengths, lent.random, lent.samples};
  }
  math::Attention kernel_;
  int queries_, keys_;  // numbers a step
  bool crosses_, goes_on_;
};

}  // namespace

Plan AttentionHeads::plan(std::span<const Port> in) const {
  for (const Port& p : in) require_sequence(p);
  const bool crosses = in.size() > 1;
  Plan plan;
  plan.out = {in[0]};
  plan.out[0].features.reset();
  const int width = in[0].width() / (crosses ? heads : heads + 2 * key_heads);
  plan.out[0].shape = Shape{heads * width};
  plan.backward_reads_in = true;
  plan.draws = dropout > 0;
  plan.counts_steps = !crosses;
  plan.looks_ahead = !crosses && !causal;
  return plan;
}

std::unique_ptr<Pass> AttentionHeads::prepare(std::span<const Port> in, Batch batch, Mode mode) const {
  const bool crosses = in.size() > 1;
  math::AttentionShape shape;
  shape.samples = batch.samples;
  shape.queries = batch.steps;
  shape.keys = crosses ? batch.memory_steps : batch.steps;
  shape.heads = heads;
  shape.key_heads = key_heads;
  shape.width = in[0].width() / (crosses ? heads : heads + 2 * key_heads);
  shape.query_row = in[0].width();
  shape.key_row = crosses ? in[1].width() : in[0].width();
  shape.causal = causal;
  shape.rotary = rotary;
  shape.dropout = dropout;
  // The keys of a memory are those of the first call.
  if (mode == Mode::generating) shape.positions = crosses ? batch.memory_steps : batch.positions;
  return std::make_unique<AttentionPass>(shape, crosses, mode);
}

}  // namespace bpnet
