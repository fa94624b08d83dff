#include "model/saturation.hpp"

#include <algorithm>
#include <string_view>

#include "layers/merge.hpp"
#include "layers/recurrent.hpp"

namespace bpnet {

namespace {

constexpr std::string_view flattening[] = {"sigmoid", "tanh", "softsign", "hard_sigmoid", "hard_tanh"};
constexpr std::string_view steadying[] = {"batch_norm", "group_norm", "instance_norm", "layer_norm",
                                          "rms_norm",   "whitening",  "lstm",          "gru"};

bool one_of(std::span<const std::string_view> names, const std::string& kind) {
  return std::find(names.begin(), names.end(), kind) != names.end();
}

bool keeps_gradients(const Node& node) {
  const bool norm = std::any_of(node.plan.parameters.begin(), node.plan.parameters.end(),
                                [](const Parameter& p) { return p.role == Role::norm; });
  const Layer* layer = node.layer.get();
  return norm || one_of(steadying, node.kind) || dynamic_cast<const Add*>(layer) ||
         dynamic_cast<const Multiply*>(layer) || dynamic_cast<const ScaleChannels*>(layer);
}

bool flattens(const Node& node) {
  const auto* recurrent = dynamic_cast<const RecurrentLayer*>(node.layer.get());
  return one_of(flattening, node.kind) || (recurrent && recurrent->cell == math::Cell::tanh);
}

/// Flattening activations behind one another.
struct Chain {
  int count = 0;
  std::size_t first = 0, last = 0;  // nodes
};

}  // namespace

std::optional<Problem> saturation(const Graph& graph) {
  constexpr int too_many = 6;
  const auto nodes = graph.nodes();
  std::vector<Chain> chains(nodes.size());  // that end at each node
  Chain longest;
  for (std::size_t n = 0; n < nodes.size(); ++n) {
    if (keeps_gradients(nodes[n])) continue;
    Chain& chain = chains[n];
    for (const int in : nodes[n].inputs)
      if (const Chain& before = chains[static_cast<std::size_t>(in)]; before.count > chain.count)
        chain = before;
    if (!flattens(nodes[n])) continue;
    if (chain.count++ == 0) chain.first = n;
    chain.last = n;
    if (chain.count > longest.count) longest = chain;
  }
  if (longest.count < too_many) return std::nullopt;
  Problem out;
  out.severity = Severity::warning;
  out.place = nodes[longest.first].place;
  out.message = std::to_string(longest.count) + " saturating activations behind one another, from " +
                nodes[longest.first].path + " (" + nodes[longest.first].kind + ") to " +
                nodes[longest.last].path + " (" + nodes[longest.last].kind +
                "): gradients vanish on their way back through so many";
  out.help = {
      "what usually helps: relu instead, a layer_norm or batch_norm between them, or residual: [...] "
      "around some",
      "gradients.csv in the folder of a run has the norm of each layer's gradient"};
  return out;
}

}  // namespace bpnet
