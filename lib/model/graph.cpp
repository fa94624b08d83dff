#include "model/graph.hpp"

#include <algorithm>

#include "layers/copy.hpp"
#include "layers/numbers.hpp"

namespace bpnet {

namespace {
std::string joined(const std::string& scope, const std::string& name) {
  if (scope.empty() || name.empty()) return scope + name;
  return scope + "." + name;
}
}  // namespace

Graph::Scope Graph::scope() const {
  if (!scopes_.empty()) return scopes_.back();
  Scope outermost;
  if (member_ > 0) outermost.path = "member_" + std::to_string(member_);
  return outermost;
}

Plan Graph::planned(const Layer& layer, std::span<const Port> in) {
  Plan plan = layer.plan(in);
  if (!plan.sets_steps)
    for (Port& out : plan.out) out.time = in[0].time;
  plan.multiply_adds *= std::max(1, -in[0].time);
  for (const Port& out : plan.out) {
    double numbers = std::max(1, -out.time);
    for (const int size : out.shape.sizes()) numbers *= size;
    require_size(numbers, out.text());
  }
  return plan;
}

int Graph::add_input(std::string path, Port port) {
  Node node;
  node.path = std::move(path);
  node.kind = "input";
  node.plan.out = {port};
  node.told = port;
  nodes_.push_back(std::move(node));
  return static_cast<int>(nodes_.size()) - 1;
}

int Graph::add(std::string name, std::shared_ptr<const Layer> layer, std::vector<int> inputs) {
  constexpr std::size_t nodes_at_most = 20'000;
  if (nodes_.size() == nodes_at_most)
    throw Misfit{"makes the model longer than " + std::to_string(nodes_at_most) + " layers",
                 {"repeat fewer of them"}};
  std::vector<Port> ports;
  ports.reserve(inputs.size());
  for (int i : inputs) ports.push_back(port(i));
  Node node;
  const Scope at = scope();
  node.path = joined(at.path, name);
  if (layers.find(name))
    node.kind = name;  // an activation option
  else if (layer->kind())
    node.kind = layer->kind();
  else
    node.kind = scopes_.empty() ? "embedding" : at.kind;
  node.plan = planned(*layer, ports);
  for (const int i : inputs) node.plan.members |= has_members(i);
  node.layer = std::move(layer);
  node.inputs = std::move(inputs);
  node.place = at.place;
  node.rate = at.rate;
  node.decay = at.decay;
  node.freeze = at.freeze;
  node.bounds = at.bounds;
  node.told = node.port();
  nodes_.push_back(std::move(node));
  return static_cast<int>(nodes_.size()) - 1;
}

int Graph::add_list(std::string name, const std::vector<Choice>& elements, int in) {
  const Scope outer = scope();
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const auto element = elements[i].as<Element>();
    Scope inner = outer;
    inner.path =
        joined(joined(outer.path, name), element->name.empty() ? std::to_string(i + 1) : element->name);
    inner.kind = elements[i].entry->name;
    inner.place = elements[i].place;
    inner.rate *= element->rate;
    inner.decay *= element->decay;
    inner.freeze |= element->freeze;
    if (element->bounds.max_norm) inner.bounds.max_norm = element->bounds.max_norm;
    inner.bounds.non_negative |= element->bounds.non_negative;
    scopes_.push_back(std::move(inner));
    try {
      in = element->add_to(*this, in);
    } catch (const Misfit& misfit) {
      fail(misfit, in);
    }
    scopes_.pop_back();
  }
  return in;
}

int Graph::add_stack(const Stack& stack, int in) { return add_list(stack.name, stack.layers, in); }

void Graph::serve(std::size_t head, int node) {
  const std::size_t before = member_ > 0 ? static_cast<std::size_t>(member_ - 1) * heads_.size() : 0;
  if (served_.size() < before + heads_.size()) served_.resize(before + heads_.size(), -1);
  if (served_[before + head] >= 0)
    throw Misfit{"is the second output layer of this model", {"keep the last one only"}};
  served_[before + head] = node;
}

int Graph::find(std::string_view name) const {
  for (std::size_t n = nodes_.size(); n-- > 0;) {
    const std::string& path = nodes_[n].path;
    if (path.ends_with(name) && (path.size() == name.size() || path[path.size() - name.size() - 1] == '.'))
      return static_cast<int>(n);
  }
  return -1;
}

bool Graph::depends(int node, int on) const {
  std::vector<bool> does(nodes_.size(), false);
  does[static_cast<std::size_t>(on)] = true;
  for (std::size_t n = static_cast<std::size_t>(on) + 1; n < nodes_.size(); ++n)
    for (const int i : nodes_[n].inputs) does[n] = does[n] || does[static_cast<std::size_t>(i)];
  return does[static_cast<std::size_t>(node)];
}

void Graph::require_steps(int time, int most) const {
  std::vector<Problem> problems;
  for (const Node& node : nodes_) {
    if (node.plan.most_steps == 0 || node.plan.most_steps >= most || node.port().time != time) continue;
    Problem p;
    p.place = node.place;
    p.message = "[" + node.kind + "] has learnt vectors for " + std::to_string(node.plan.most_steps) +
                " positions, but a sequence may have " + std::to_string(most) + " steps";
    p.help = {"write max_positions: " + std::to_string(most) +
              ", shorten the sequences (max_length), or write positions: sinusoidal"};
    problems.push_back(std::move(p));
  }
  if (!problems.empty()) throw Error(Fault::configuration, std::move(problems));
}

void Graph::finish(const Place& model) {
  if (!heads_.empty() && served_.empty())
    throw Error(Fault::configuration, model, "the model has no output layer",
                {"end its list with '- output', a dense layer as wide as the target needs"});
  for (const Node& node : nodes_)
    for (const int in : node.inputs) {
      if (std::find(served_.begin(), served_.end(), in) == served_.end()) continue;
      throw Error(Fault::configuration, node.place,
                  "[" + node.kind + "] is behind the output layer, where nothing reads what it puts out",
                  {"end the list with output: the loss brings softmax or sigmoid with it"});
    }
  fuse();
}

// Tries each node with the one or two behind it that alone read what it puts out.
void Graph::fuse() {
  std::vector<int> readers(nodes_.size(), 0), next(nodes_.size(), -1);
  for (std::size_t n = 0; n < nodes_.size(); ++n)
    for (int i : nodes_[n].inputs) {
      ++readers[static_cast<std::size_t>(i)];
      next[static_cast<std::size_t>(i)] = nodes_[n].inputs.size() == 1 ? static_cast<int>(n) : -1;
    }
  for (int i : served_)
    if (i >= 0) ++readers[static_cast<std::size_t>(i)];
  const auto pass_on = std::make_shared<PassOn>();
  for (std::size_t n = 0; n < nodes_.size(); ++n) {
    if (nodes_[n].is_input()) continue;
    std::vector<std::size_t> behind;
    std::vector<const Layer*> next_layers;
    for (std::size_t at = n; behind.size() < 2 && readers[at] == 1 && next[at] >= 0;) {
      at = static_cast<std::size_t>(next[at]);
      behind.push_back(at);
      next_layers.push_back(nodes_[at].layer.get());
    }
    std::vector<Port> in;
    for (int i : nodes_[n].inputs) in.push_back(port(i));
    for (; !next_layers.empty(); next_layers.pop_back(), behind.pop_back()) {
      const auto all = nodes_[n].layer->fused_with(in, next_layers);
      if (!all) continue;
      nodes_[n].layer = all;
      nodes_[n].plan = planned(*all, in);
      for (const std::size_t b : behind) {
        nodes_[b].layer = pass_on;
        nodes_[b].plan = pass_on->plan(nodes_[n].plan.out);
      }
      break;
    }
  }
}

/// "13 -> 1 dense 32 -> 2 relu 32": the layers a value came through, by first inputs.
std::string Graph::chain(int node) const {
  std::vector<std::string> parts;
  for (int n = node; n >= 0;) {
    const Node& at = nodes_[static_cast<std::size_t>(n)];
    const std::string shape = at.port().text();
    if (at.is_input()) {
      parts.push_back(shape);
      break;
    }
    const std::size_t dot = at.path.find('.');
    parts.push_back((dot == std::string::npos ? at.path : at.path.substr(dot + 1)) + " " + at.kind + " " +
                    shape);
    n = at.inputs[0];
  }
  std::reverse(parts.begin(), parts.end());
  constexpr std::size_t most = 16, first = 4;
  if (parts.size() > most) {  // the ends of a long one
    parts.erase(parts.begin() + first, parts.end() - (most - first));
    parts.insert(parts.begin() + first, "...");
  }
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : " -> ") + part;
  return out;
}

void Graph::fail(const Misfit& misfit, int in) const {
  const Node& before = nodes_[static_cast<std::size_t>(in)];
  const bool flattened =
      misfit.wants_image && before.kind == "flatten" && port(before.inputs[0]).shape.axes() == 3;
  const std::string input = before.port().text();
  const std::string way = !before.is_input()                                ? " (" + chain(in) + ")"
                          : misfit.message.find(input) != std::string::npos ? ""
                                                                            : " (its input is " + input + ")";
  throw Error(Fault::configuration, scopes_.back().place,
              std::string("[") + scopes_.back().kind + "] " + misfit.message + way,
              flattened ? std::vector<std::string>{"take the flatten in front of it away"} : misfit.help);
}

}  // namespace bpnet
