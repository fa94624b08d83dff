#include "layers/channel_norm.hpp"

namespace bpnet::layer_entries {

namespace {
/// Ulyanov, Vedaldi, Lempitsky 2016.
struct InstanceNorm final : ChannelNorm {
  InstanceNorm() { affine = false; }
  void visit(Visitor& v) override { visit_norm(v); }
  int groups_of(int channels) const override { return channels; }
};
}  // namespace

extern const Entry instance_norm = {"instance_norm",
                                    "mean 0 and deviation 1 of each channel of each image",
                                    "InstanceNorm2d InstanceNormalization InstanceNorm1d InstanceNorm",
                                    "instance_norm",
                                    "3x4x2",
                                    make<InstanceNorm>};

}  // namespace bpnet::layer_entries
