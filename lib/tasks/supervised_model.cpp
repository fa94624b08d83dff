#include "tasks/supervised_model.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "data/csv_number.hpp"
#include "data/words.hpp"
#include "layers/embedding.hpp"
#include "layers/members.hpp"
#include "layers/merge.hpp"
#include "spec/spec.hpp"

namespace bpnet {

namespace {

std::string kind_text(const TargetKind& target) {
  return target.classes ? std::to_string(target.class_count()) + " classes" : "a number";
}

// What to do about a loss that does not fit: another column type helps only if it is the kind that does not
// fit.
std::string other_way(const Loss& loss, const TargetKind& target) {
  std::string without = std::string("leave the loss out (auto takes ") + default_loss(target) + ")";
  TargetKind any_number;
  if (!target.classes && loss.objection(any_number).empty()) return without;
  // Classes that are no numbers cannot be read as any.
  const bool may_be = !target.classes || std::all_of(target.labels.begin(), target.labels.end(),
                                                     [](const auto& l) { return parse_number(l, {}); });
  if (!may_be || !target.characters.empty()) return without;
  return without + ", or declare the column: data.columns: {" + in_yaml(target.column_name()) + ": " +
         (target.classes ? "number" : "category") + "}";
}

// The loss written for a target: its own, or the one for all.
const Choice* written_loss(const ChoiceMap& losses, const std::string& target) {
  for (const auto& [name, choice] : losses)
    if (name.empty() || name == target) return &choice;
  return nullptr;
}

}  // namespace

std::vector<LossHead> loss_heads(const TaskRequest& request, std::span<const TargetKind> targets,
                                 std::span<const TargetScale> scales) {
  for (const auto& [name, choice] : request.loss) {
    bool known = name.empty();
    for (const TargetKind& t : targets) known = known || t.column_name() == name;
    if (!known)
      throw Error(Fault::configuration, choice.place, "loss names '" + name + "', which is not a target",
                  {"targets are listed in data.target",
                   "one loss for all of them: loss: " + (choice.name() == "usual" ? "auto" : choice.name())});
  }
  std::vector<LossHead> heads;
  for (std::size_t t = 0; t < targets.size(); ++t) {
    LossHead head;
    head.target = targets[t];
    head.standard = scales[t];
    const Choice* written = written_loss(request.loss, head.target.column_name());
    head.choice = written ? clone(*written) : choose(losses, default_loss(head.target));
    head.loss = head.choice.as<Loss>();
    if (targets.size() == 1 && head.loss->weight != 1)
      throw Error(Fault::configuration, head.choice.place,
                  "weight is of the losses of several targets, and there is one", {"leave it out"});
    const std::string objection = head.loss->objection(head.target);
    if (!objection.empty())
      throw Error(Fault::configuration, head.choice.place,
                  "loss " + head.choice.name() + " does not fit the target '" + head.target.name + "' (" +
                      kind_text(head.target) + "): " + objection,
                  {other_way(*head.loss, head.target)});
    try {
      head.loss->bind(head.target);
    } catch (const Error& error) {
      std::vector<Problem> problems = error.problems();
      for (Problem& p : problems) p.place = head.choice.place;
      throw Error(error.fault(), std::move(problems));
    }
    head.width = head.loss->width(head.target);
    head.target.answers = head.loss->answers(head.target);
    head.scale = head.loss->scale(head.target, head.standard);
    heads.push_back(std::move(head));
  }
  return heads;
}

std::string loss_name(const LossHead& head) {
  return head.choice.name() == "usual" ? default_loss(head.target) : head.choice.name();
}

void output_slopes(const LossHead& head, std::size_t label, const View& logits, std::span<Real> out) {
  std::fill(out.begin(), out.end(), Real{0});
  if (head.target.classes) {
    if (out.size() == 1)  // speaks for the second of two
      out[0] = label == 1 ? Real{1} : Real{-1};
    else
      out[label] = 1;
    return;
  }
  std::vector<Real> answers(head.target.answers.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    Real& x = logits.reals()[i];
    const Real was = x, step = (1 + std::abs(was)) / 1000;
    x = was + step;
    head.loss->answer(logits, answers);
    out[i] = answers[0];
    x = was - step;
    head.loss->answer(logits, answers);
    out[i] = (out[i] - answers[0]) / (2 * step);
    x = was;
  }
}

std::vector<MetricUse> metric_uses(const TaskRequest& request, std::span<const LossHead> heads,
                                   std::vector<MetricName>& names) {
  std::vector<MetricUse> uses;
  std::vector<std::size_t> firsts;  // of each column's heads
  for (std::size_t t = 0; t < heads.size(); ++t)
    if (t == 0 || heads[t].target.column.empty() || heads[t].target.column != heads[t - 1].target.column)
      firsts.push_back(t);
  const auto use = [&](std::size_t f, const Choice& choice) {
    const std::size_t t = firsts[f], count = (f + 1 < firsts.size() ? firsts[f + 1] : heads.size()) - t;
    const auto metric = choice.as<Metric>();
    std::string name =
        firsts.size() == 1 ? choice.name() : heads[t].target.column_name() + "_" + choice.name();
    if (const std::string variant = metric->variant(); !variant.empty()) name += "_" + variant;
    for (const MetricName& other : names)
      if (other.name == name)
        throw Error(Fault::configuration, choice.place, "metric " + name + " is there twice",
                    {"keep one of them"});
    names.push_back(
        {std::move(name), metric->higher_is_better(), metric->chooses(), t, count, metric->reads_texts()});
    uses.push_back({metric, t, count});
  };
  if (request.metrics.empty()) {
    for (std::size_t f = 0; f < firsts.size(); ++f)
      for (const char* name : default_metrics(heads[firsts[f]].target)) use(f, choose(metrics, name));
    return uses;
  }
  std::vector<Problem> problems;
  for (const Choice& choice : request.metrics) {
    std::string objection;
    bool fits = false;
    for (std::size_t f = 0; f < firsts.size(); ++f) {
      objection = choice.as<Metric>()->objection(heads[firsts[f]].target);
      if (!objection.empty()) continue;
      fits = true;
      use(f, choice);
    }
    if (!fits)
      problems.push_back({choice.place,
                          "metric " + choice.name() + " does not fit the target '" +
                              heads.back().target.column_name() + "' (" + kind_text(heads.back().target) +
                              "): " + objection,
                          {}});
  }
  if (!problems.empty()) {
    std::string fitting;
    for (const char* name : default_metrics(heads.back().target))
      fitting += (fitting.empty() ? "" : ", ") + std::string(name);
    problems.back().help = {"without metrics there are: " + fitting +
                            "; bpnet list metrics says what each judges"};
    throw Error(Fault::configuration, std::move(problems));
  }
  return uses;
}

namespace {

// What a stack reads: its numbers and its embedded categories side by side.
class StackInputs {
 public:
  StackInputs(Graph& graph, const Encoding& encoding) : graph_(graph) {
    for (const InputPort& port : encoding.inputs()) {
      const int node = graph.add_input(port.stack + "." + port.name, port.port);
      ports_[port.stack].push_back({node, port.embedding_width});
    }
  }
  int of(const std::string& stack, const Place& place) {
    const auto& ports = ports_[stack];
    if (ports.empty()) throw Error(Fault::configuration, place, "no feature is left for '" + stack + "'");
    std::vector<int> nodes;
    for (const auto& [node, width] : ports) {
      if (width == 0)
        nodes.push_back(node);
      else
        nodes.push_back(graph_.add(graph_.nodes()[static_cast<std::size_t>(node)].path + ".embedding",
                                   std::make_shared<Embedding>(width), {node}));
    }
    return nodes.size() == 1 ? nodes[0] : graph_.add(stack + ".input", std::make_shared<Concat>(), nodes);
  }

 private:
  Graph& graph_;
  std::map<std::string, std::vector<std::pair<int, int>>>
      ports_;  // node, width of an embedding to put behind
};

int joined(Graph& graph, const std::vector<int>& ends, const std::vector<std::string>& names,
           const Place& place) try {
  return ends.size() == 1 ? ends[0] : graph.add("trunk.input", std::make_shared<Concat>(), ends);
} catch (const Misfit& misfit) {
  std::vector<std::string> help = misfit.help;
  for (std::size_t i = 0; i < names.size() && misfit.help.empty(); ++i) {
    const Node& end = graph.nodes()[static_cast<std::size_t>(ends[i])];
    if (end.port().shape.axes() > 1)
      help.push_back("end '" + names[i] + "' with flatten or global_average_pool: its last layer, [" +
                     end.kind + "], puts out " + end.port().shape.text());
  }
  throw Error(Fault::configuration, place, "model.trunk " + misfit.message, help);
}

void add_stacks(const TaskRequest& request, StackInputs& inputs, Graph& graph) {
  std::vector<int> ends;
  std::vector<std::string> names;
  for (const Stack& stack : request.model) {
    if (stack.name == "main") {
      graph.add_stack(stack, inputs.of("main", stack.place));
    } else if (stack.name == "trunk") {
      ends = alike(graph, ends, names);
      graph.add_stack(stack, joined(graph, ends, names, stack.place));
    } else {
      ends.push_back(graph.add_stack(stack, inputs.of(stack.name, stack.place)));
      names.push_back(stack.name);
    }
  }
}

}  // namespace

Graph supervised_graph(const TaskRequest& request, const Encoding& encoding,
                       std::span<const LossHead> heads) {
  std::vector<Head> asked;
  for (const LossHead& head : heads) asked.push_back({heads.size() == 1 ? "" : head.target.name, head.width});
  Graph graph(std::move(asked));
  StackInputs inputs(graph, encoding);
  if (request.shared) graph.share_members(request.members);
  const int networks = request.shared ? 1 : request.members;
  for (int member = 0; member < networks; ++member) {
    if (networks > 1) graph.begin_member();
    add_stacks(request, inputs, graph);
  }
  graph.finish(request.model_place);
  for (const InputPort& input : encoding.inputs())
    if (input.port.time > 0) graph.require_steps(input.port.time, input.longest);
  for (const int out : graph.served())
    if (graph.port(out).time != 0 && !encoding.targets().empty() &&
        encoding.targets()[0].characters.empty()) {
      std::vector<std::string> help = {
          "draw the steps together: temporal_pool: mean, or output: last of a recurrent layer"};
      if (encoding.series()) help.push_back("or, for flatten and dense layers, data.series.layout: grid");
      throw Error(Fault::configuration, request.model_place,
                  "the output answers every step of a sequence, but a row has one target", std::move(help));
    }
  return graph;
}

std::vector<Problem> model_problems(const TaskRequest& request, const Encoding& encoding) {
  std::vector<Problem> problems;
  const auto collect = [&](auto build) {
    try {
      build();
    } catch (const Error& error) {
      problems.insert(problems.end(), error.problems().begin(), error.problems().end());
    }
  };
  std::vector<LossHead> heads;
  collect([&] { heads = loss_heads(request, encoding.targets(), encoding.scales()); });
  if (heads.empty()) {  // the usual losses are as good for the rest
    const ChoiceMap usual;
    heads = loss_heads({request.model, usual, {}, {}, {}, {}}, encoding.targets(), encoding.scales());
  }
  std::vector<MetricName> names;
  collect([&] { metric_uses(request, heads, names); });
  collect([&] { supervised_graph(request, encoding, heads); });
  return problems;
}

}  // namespace bpnet
