#include <nlohmann/json.hpp>

#include "tasks/sequence_to_sequence.hpp"
#include "tasks/step_learner.hpp"

namespace bpnet {

ToldPorts told_ports(const TableEncoding& encoding) {
  ToldPorts out;
  for (const InputPort& input : encoding.inputs()) (input.stack == "decoder" ? out.told : out.read) = input;
  for (const GroupColumns& group : encoding.groups) {
    if (!group.told) out.of_read = group.text;
    if (!group.told) continue;
    out.of_told = group.text;
    out.target = encoding.features[group.features[0]].name;
  }
  return out;
}

namespace {
/// The vectors of one text's tokens stand for nothing in the other, unless both have the same tokens.
void check_tied(const Graph& graph, const ToldPorts& ports) {
  if (ports.of_read && ports.of_read->tokenizer->to_json() == ports.of_told->tokenizer->to_json()) return;
  for (const Node& node : graph.nodes())
    for (const Parameter& p : node.plan.parameters)
      if (node.path.starts_with("decoder.") && p.same_as.starts_with("encoder."))
        throw Error(Fault::configuration, node.place,
                    "[" + node.kind +
                        "] is tied to an embedding of the encoder, but the texts that encoder and "
                        "decoder read have different tokens",
                    {"give both the same: task: {sequence_to_sequence: {shared_vocabulary: true}}"});
}
}  // namespace

Graph told_graph(const TaskRequest& request, const ToldPorts& ports, int width) {
  Graph graph({{"", width}});
  const int read = graph.add_input("encoder." + ports.read.name, ports.read.port);
  const int told = graph.add_input("decoder." + ports.told.name, ports.told.port);
  for (const Stack& stack : request.model)
    if (stack.name == "encoder") graph.remember(graph.add_stack(stack, read));
  for (const Stack& stack : request.model)
    if (stack.name == "decoder") graph.add_stack(stack, told);
  graph.finish(request.model_place);
  if (!request.trained) check_tied(graph, ports);
  if (!graph.depends(graph.served()[0], read))
    throw Error(Fault::configuration, request.model_place,
                "the decoder never looks at what the encoder has read",
                {"put cross_attention: {heads: 4} into the decoder, or a transformer, which has it"});
  return graph;
}

}  // namespace bpnet
