#include "layers/recurrent.hpp"

namespace bpnet::layer_entries {

namespace {
/// Hochreiter and Schmidhuber 1997, with forget gates: Gers, Schmidhuber, Cummins 2000.
struct Lstm final : RecurrentBlock {
  double forget_bias = 0;
  void visit(Visitor& v) override {
    RecurrentBlock::visit(v);
    v("forget_bias", forget_bias, any_number(), "added to the first biases of the forget gates");
  }
  math::Cell cell() const override { return math::Cell::lstm; }
  double raised() const override { return forget_bias; }
};
}  // namespace

extern const Entry lstm = {"lstm",
                           "recurrent layer with a memory cell: reads the steps of a sequence one by one",
                           "LSTM long_short_term_memory LSTMCell",
                           "lstm: {units: 3, bidirectional: true}",
                           "4@5",
                           make<Lstm>};

}  // namespace bpnet::layer_entries
