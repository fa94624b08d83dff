#include "layers/drop_channels.hpp"

namespace bpnet::layer_entries {

namespace {

/// At the end of a residual branch: Huang, Sun, Liu, Sedra, Weinberger 2016.
struct DropPath final : Noise {
  double share = 0.2;

  void visit(Visitor& v) override {
    v("rate", share, share_below_one(), "share of the rows set to zero in training");
  }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode mode) const override {
    return noise_pass(in, batch, mode, share > 0, ChannelDrop{share, 1});
  }
};

}  // namespace

extern const Entry drop_path = {
    "drop_path",
    "passes on zeros for a random share of the rows in training, scales up the others: stochastic depth",
    "DropPath StochasticDepth stochastic_depth",
    "drop_path: 0.4",
    "6",
    make<DropPath>};

}  // namespace bpnet::layer_entries
