#include "layers/recurrent.hpp"

namespace bpnet::layer_entries {

namespace {
/// Elman 1990.
struct Rnn final : RecurrentBlock {
  enum class Function : std::uint8_t { tanh, relu };
  Function activation = Function::tanh;
  void visit(Visitor& v) override {
    static constexpr const char* functions[] = {"tanh", "relu"};
    RecurrentBlock::visit(v);
    v("activation", activation, functions, "of the new state");
  }
  math::Cell cell() const override {
    return activation == Function::tanh ? math::Cell::tanh : math::Cell::relu;
  }
};
}  // namespace

extern const Entry rnn = {"rnn",
                          "plain recurrent layer: reads the steps of a sequence one by one",
                          "RNN SimpleRNN elman simple_rnn RNNCell",
                          "rnn: {units: 3, output: last}",
                          "4@5",
                          make<Rnn>};

}  // namespace bpnet::layer_entries
