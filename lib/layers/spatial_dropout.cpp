#include "layers/drop_channels.hpp"
#include "layers/window.hpp"

namespace bpnet::layer_entries {

namespace {

/// Tompson, Goroshin, Jain, LeCun, Bregler 2015.
struct SpatialDropout final : Noise {
  double share = 0.5;

  void visit(Visitor& v) override {
    v("rate", share, share_below_one(), "share of the channels set to zero in training");
  }
  Plan plan(std::span<const Port> in) const override {
    require_image(in[0]);
    return Noise::plan(in);
  }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode mode) const override {
    return noise_pass(in, batch, mode, share > 0, ChannelDrop{share, in[0].shape[2]});
  }
};

}  // namespace

extern const Entry spatial_dropout = {
    "spatial_dropout",
    "sets a random share of the channels of an image to zero in training, scales up the others",
    "Dropout2d SpatialDropout2D channel_dropout SpatialDropout1D Dropout1d",
    "spatial_dropout: 0.4",
    "2x3x6",
    make<SpatialDropout>};

}  // namespace bpnet::layer_entries
