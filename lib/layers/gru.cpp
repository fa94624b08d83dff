#include "layers/recurrent.hpp"

namespace bpnet::layer_entries {

namespace {
/// Cho and others 2014, with the reset gate behind the product as PyTorch has it.
struct Gru final : RecurrentBlock {
  math::Cell cell() const override { return math::Cell::gru; }
};
}  // namespace

extern const Entry gru = {"gru",
                          "recurrent layer with gates: reads the steps of a sequence one by one",
                          "GRU gated_recurrent_unit GRUCell",
                          "gru: {units: 3, layers: 2}",
                          "4@5",
                          make<Gru>};

}  // namespace bpnet::layer_entries
