#include "layers/channel_norm.hpp"

namespace bpnet::layer_entries {

namespace {
/// Wu and He 2018.
struct GroupNorm final : ChannelNorm {
  std::int64_t groups = 8;
  void visit(Visitor& v) override {
    v("groups", groups, between(1, 1 << 20), "parts of the channels, each normalised by itself");
    visit_norm(v);
  }
  int groups_of(int) const override { return static_cast<int>(groups); }
};
}  // namespace

extern const Entry group_norm = {
    "group_norm",
    "mean 0 and deviation 1 of groups of channels of each image, then scale and shift",
    "GroupNorm GroupNormalization",
    "group_norm: 2",
    "3x2x4",
    make<GroupNorm>};

}  // namespace bpnet::layer_entries
