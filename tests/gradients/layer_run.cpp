#include "layer_run.hpp"

#include "spec/spec.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <sstream>

namespace bpnet::gradients {

Graph graph_of(const Port& port, const std::vector<std::string>& list, int members) {
  Graph graph({{"", 3}});
  graph.share_members(members);
  const int in = graph.add_input("main.numbers", port);
  Stack stack;
  stack.name = "main";
  for (const std::string& yaml : list) stack.layers.push_back(parse_choice(layers, yaml));
  graph.add_stack(stack, in);
  graph.finish({});
  return graph;
}

void fill_by_formula(std::span<const View> inputs) {
  for (std::size_t i = 0; i < inputs[0].elements(); ++i)
    inputs[0].reals()[i] = static_cast<Real>(formula(0, i));
}

Inputs inputs_of(const std::string& input) {
  Inputs inputs;
  std::istringstream words(input);
  for (std::string word; words >> word;) {
    Port port;
    if (const std::size_t at = word.find('@'); at != std::string::npos) {
      const int steps = std::stoi(word.substr(at + 1));
      word.resize(at);
      port.time = 1;
      while (inputs.extent.of(port.time) != 0 && inputs.extent.of(port.time) != steps) ++port.time;
      inputs.extent.steps[static_cast<std::size_t>(port.time - 1)] = steps;
    }
    if (word.starts_with("i32:")) {
      const std::size_t colon = word.find(':', 4);
      port.type = Type::i32;
      port.shape = Shape{std::stoi(word.substr(4, colon - 4))};
      port.classes = std::stoi(word.substr(colon + 1));
    } else {
      std::istringstream sizes(word);
      for (std::string size; std::getline(sizes, size, 'x');) port.shape.push(std::stoi(size));
    }
    inputs.ports.push_back(port);
  }
  return inputs;
}

std::vector<Port> ports_of(const std::string& input) { return inputs_of(input).ports; }

View LayerRun::view(const Port& port) {
  View v;
  v.port = port;
  v.samples = extent_.samples;
  v.steps = extent_.of(port.time);
  if (port.time != 0) v.lengths = lengths_.at(port.time);
  memory_.emplace_back(port.bytes() * static_cast<std::size_t>(v.rows()));
  v.data = memory_.back().data();
  return v;
}

bool LayerRun::in_use(const View& view, std::size_t element) {
  if (view.lengths.empty()) return true;
  const std::size_t row = element / static_cast<std::size_t>(view.width());
  const std::size_t steps = static_cast<std::size_t>(view.steps);
  return row % steps < static_cast<std::size_t>(view.lengths[row / steps]);
}

LayerRun::LayerRun(std::shared_ptr<const Layer> layer, const Inputs& inputs, int samples, Mode mode)
    : plan(layer->plan(inputs.ports)), layer_(std::move(layer)), extent_(inputs.extent) {
  const std::vector<Port>& ports = inputs.ports;
  extent_.samples = samples;
  Batch batch;
  batch.samples = samples;
  batch.steps = extent_.of(ports[0].time);
  if (ports.size() > 1) batch.memory_steps = extent_.of(ports[1].time);
  if (!plan.sets_steps) plan.out[0].time = ports[0].time;  // as the graph does
  for (int time = 1; time <= time_axes; ++time)
    for (int i = 0; i < samples && extent_.of(time) > 0; ++i)
      lengths_[time].push_back(ragged(extent_.of(time), i));
  if (const int time = plan.out[0].time; time < 0)
    lengths_[time].assign(static_cast<std::size_t>(samples), -time);
  pass_ = layer_->prepare(ports, batch, mode);
  for (std::size_t p = 0; p < ports.size(); ++p) {
    in.push_back(view(ports[p]));
    din.push_back(ports[p].type == Type::real ? view(ports[p]) : View{});
    for (std::size_t i = 0; i < in[p].elements(); ++i) {
      if (ports[p].type == Type::real)
        in[p].reals()[i] = static_cast<Real>(formula(static_cast<int>(p), i));
      else
        in[p].integers()[i] =
            static_cast<std::int32_t>((i * 7 + 3) % static_cast<std::size_t>(ports[p].classes));
    }
  }
  out.push_back(view(plan.out[0]));
  dout.push_back(view(plan.out[0]));
  for (std::size_t i = 0; i < dout[0].elements(); ++i)
    dout[0].reals()[i] = in_use(dout[0], i) ? static_cast<Real>(formula(20, i)) : Real{0};
  // 16 numbers behind each tensor, as in a network's memory.
  const auto tensor = [](const Parameter& p, int series) {
    std::vector<Real> values(p.shape.elements() + 16);
    for (std::size_t i = 0; i < p.shape.elements(); ++i)
      values[i] = static_cast<Real>(series < 0 ? 0.5 : formula(series, i));
    return values;
  };
  for (std::size_t p = 0; p < plan.parameters.size(); ++p) {
    parameters.push_back(tensor(plan.parameters[p], 10 + static_cast<int>(p)));
    gradients.emplace_back(parameters.back().size());
  }
  for (const Parameter& b : plan.buffers) buffers.push_back(tensor(b, -1));
  for (auto& p : parameters) parameter_pointers_.push_back(p.data());
  for (auto& g : gradients) gradient_pointers_.push_back(g.data());
  for (auto& b : buffers) buffer_pointers_.push_back(b.data());
  if (plan.fits) layer_->fit(in[0], buffer_pointers_);
  sample_numbers_.resize(static_cast<std::size_t>(samples));
  std::iota(sample_numbers_.begin(), sample_numbers_.end(), std::int64_t{0});
  lent_.in = in;
  lent_.out = out;
  lent_.din = din;
  lent_.dout = dout;
  lent_.parameters = parameter_pointers_;
  lent_.gradients = gradient_pointers_;
  lent_.buffers = buffer_pointers_;
  lent_.samples = sample_numbers_;
  lent_.random = Draw::of(1, stream_of("gradients"));
  const auto room = [this](std::size_t bytes) {
    memory_.emplace_back(bytes);
    return memory_.back().data();
  };
  lent_.saved = room(pass_->saved_bytes);
  lent_.scratch = room(pass_->scratch_bytes);
  lent_.carry = room(pass_->carry_bytes);
}

void LayerRun::forward() { pass_->forward(lent_); }

void LayerRun::backward(bool fresh, Real prefill) {
  for (const View& d : din)
    if (d) std::fill_n(d.reals(), d.elements(), std::numeric_limits<Real>::quiet_NaN());
  for (auto& g : gradients) std::fill(g.begin(), g.end() - 16, prefill);
  lent_.fresh = fresh;
  pass_->backward(lent_);
}

}  // namespace bpnet::gradients
