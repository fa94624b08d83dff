#include <algorithm>

#include "math/elements.hpp"
#include "math/threads.hpp"
#include "model/model_memory.hpp"
#include "model/network.hpp"
#include "model/run_planner.hpp"

namespace bpnet {

Run::Run(Network& network, Extent extent, Mode mode)
    : network_(network),
      extent_(extent),
      mode_(mode),
      going_(mode == Mode::generating ? &network.generating_ : &own_) {
  for (const Node& node : network.graph_.nodes())
    if (const int time = node.port().time; time != 0)
      lengths_[time].assign(static_cast<std::size_t>(extent.samples), extent.of(time));
  demand_countable(network.graph_, extent);
  prepare_passes();
  RunPlanner(*this, network).plan();
  for (Work& work : work_) {
    work.lent.in = work.in;
    work.lent.out = work.out;
    work.lent.din = work.din;
    work.lent.dout = work.dout;
    work.lent.parameters = work.parameters;
    work.lent.gradients = work.gradients;
    work.lent.buffers = work.buffers;
  }
}

void Run::prepare_passes() {
  const auto nodes = network_.graph_.nodes();
  work_.resize(nodes.size());
  find_once();
  std::vector<bool> seen(network_.segments_.size(), false);
  const auto values = network_.parameters_.as<Real>(), gradients = network_.gradients_.as<Real>(),
             buffers = network_.buffers_.as<Real>();
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].is_input()) continue;
    Work& work = work_[i];
    std::vector<Port> ports;
    for (int in : nodes[i].inputs) ports.push_back(nodes[static_cast<std::size_t>(in)].port());
    Batch batch;
    batch.samples = extent_.samples;
    batch.steps = extent_.of(ports[0].time);
    batch.precision = network_.precision_;
    if (ports.size() > 1) batch.memory_steps = extent_.of(ports[1].time);
    batch.positions = work.once ? 0 : extent_.positions;
    batch.carries = extent_.carries;
    batch.backward = mode_ != Mode::training || network_.needs_gradient_[i];
    // What a frozen layer keeps of the rows (running statistics) stays as it is, and is what it computes
    // with.
    const bool fixed = mode_ == Mode::training && nodes[i].freeze && !nodes[i].plan.buffers.empty();
    work.pass = nodes[i].layer->prepare(ports, batch,
                                        work.once ? Mode::inference
                                        : fixed   ? Mode::explaining
                                                  : mode_);
    work.draws = nodes[i].plan.draws;
    work.assigns = nodes[i].plan.assigns_gradients;
    work.stream = stream_of(nodes[i].path);
    for (const std::size_t s : network_.node_segments_[i]) {
      const Segment& segment = network_.segments_[s];
      work.parameters.push_back(&values[segment.begin]);
      work.gradients.push_back(segment.frozen || mode_ != Mode::training ? nullptr
                                                                         : &gradients[segment.begin]);
      work.sizes.push_back(segment.size());
    }
    const auto [from, many] = network_.node_buffers_[i];
    for (std::size_t s = from; s < from + many; ++s)
      work.buffers.push_back(&buffers[network_.buffer_segments_[s].begin]);
  }
  for (std::size_t i = nodes.size(); i-- > 0;)
    for (const std::size_t s : network_.node_segments_[i]) {
      work_[i].first.push_back(!seen[s]);
      seen[s] = true;
    }
}

// Where text is generated: nodes that do not depend on what is generated, as an encoder's.
void Run::find_once() {
  if (mode_ != Mode::generating) return;
  const auto nodes = network_.graph_.nodes();
  generated_ = nodes[static_cast<std::size_t>(network_.graph_.served()[0])].port().time;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    work_[i].once = !nodes[i].is_input() || nodes[i].port().time != generated_;
    for (const int v : nodes[i].inputs) work_[i].once &= work_[static_cast<std::size_t>(v)].once;
  }
}

void Run::bind() {
  bound_ = network_.arena_.data();
  for (const auto& [at, offset] : pointers_) *at = bound_ + offset;
  bound_carry_ = going_->carry.data();
  for (Work& work : work_)
    if (work.pass && work.pass->carry_bytes > 0) work.lent.carry = bound_carry_ + work.carry;
}

bool Run::bound() const { return bound_ == network_.arena_.data() && bound_carry_ == going_->carry.data(); }

void Run::forward_node(std::size_t i, const Moment& moment) {
  Work& work = work_[i];
  if (!work.pass) return;
  if (work.draws) {
    work.lent.random = Draw::of(moment.seed, work.stream, moment.step, moment.pass);
    work.lent.samples = moment.samples;
  }
  work.lent.position = going_->position;
  work.pass->forward(work.lent);
}

void Run::backward_node(std::size_t i, bool fresh) {
  Work& work = work_[i];
  if (!work.runs_backward) return;
  for (const View& more : work.summands)
    math::add(work.dout[0].reals(), more.reals(), more.elements(), work.dout[0].reals());
  if (!work.pass) return;
  work.lent.fresh = fresh && work.assigns;
  if (fresh && !work.assigns)
    for (std::size_t p = 0; p < work.gradients.size(); ++p)
      if (work.gradients[p] && work.first[p]) math::fill(0, work.sizes[p], work.gradients[p]);
  work.pass->backward(work.lent);
}

void Run::forward(const Moment& moment) {
  for (std::size_t i = 0; i < work_.size(); ++i)
    if (going_->position == 0 || !work_[i].once) forward_node(i, moment);
  if (mode_ == Mode::generating) going_->position += extent_.of(generated_);
}

void Run::restart() {
  going_->position = 0;
  std::fill_n(going_->carry.data(), carry_bytes_, std::byte{0});
}

void Run::copy_carry(const std::byte* from, std::size_t sample, std::byte* to, std::size_t into) const {
  const auto position = static_cast<std::size_t>(going_->position);
  for (const Work& work : work_) {
    if (!work.pass || work.pass->carry_bytes == 0) continue;
    const std::size_t bytes = work.pass->carry_bytes / static_cast<std::size_t>(extent_.samples);
    const std::byte* read = from + work.carry + sample * bytes;
    std::byte* written = to + work.carry + into * bytes;
    if (work.pass->carry_strips.empty()) std::copy_n(read, bytes, written);
    for (const Pass::Strips& strips : work.pass->carry_strips)
      for (std::size_t s = 0; s < strips.count; ++s, read += strips.bytes, written += strips.bytes)
        std::copy_n(read, std::min(strips.bytes, strips.bytes_a_position * position), written);
  }
}

void Run::take_over(std::span<const int> parents) {
  std::byte* const carry = going_->carry.data();
  if (going_->other.size() < carry_bytes_) going_->other = Memory(carry_bytes_);
  std::byte* const other = going_->other.data();
  const auto each_moved = [&](auto copy) {
    math::parallel(static_cast<std::ptrdiff_t>(parents.size()), static_cast<double>(carry_bytes_),
                   [&](std::ptrdiff_t i) {
                     const auto sample = static_cast<std::size_t>(i);
                     if (const auto parent = static_cast<std::size_t>(parents[sample]); parent != sample)
                       copy(sample, parent);
                   });
  };
  each_moved([&](std::size_t i, std::size_t parent) { copy_carry(carry, parent, other, i); });
  each_moved([&](std::size_t i, std::size_t) { copy_carry(other, i, carry, i); });
}

void Run::fit() {
  const auto nodes = network_.graph_.nodes();
  for (std::size_t i = 0; i < work_.size(); ++i) {
    if (nodes[i].plan.fits) nodes[i].layer->fit(work_[i].in[0], work_[i].buffers);
    forward_node(i, {});
  }
}

void Run::backward(bool fresh) {
  for (std::size_t i = work_.size(); i-- > 0;) backward_node(i, fresh);
}

void Run::commit() {
  for (Work& work : work_)
    if (work.pass) work.pass->commit(work.lent);
}

namespace {
// Samples of a batch that hold a number that is not finite.
std::vector<int> bad_rows(const View& view) {
  std::vector<int> rows;
  if (!view || view.port.type != Type::real) return rows;
  const auto width = static_cast<std::size_t>(view.width()) * static_cast<std::size_t>(view.steps);
  for (int r = 0; r < view.samples; ++r)
    if (math::first_not_finite(view.reals() + static_cast<std::size_t>(r) * width, width) < width)
      rows.push_back(r);
  return rows;
}
}  // namespace

std::vector<NotFinite> Run::diagnose_forward(const Moment& moment) {
  for (std::size_t i = 0; i < work_.size(); ++i) {
    const std::string& path = network_.graph_.nodes()[i].path;
    for (std::size_t p = 0; p < work_[i].parameters.size(); ++p)
      if (math::first_not_finite(work_[i].parameters[p], work_[i].sizes[p]) < work_[i].sizes[p])
        return {{path, network_.graph_.nodes()[i].plan.parameters[p].name, {}}};
    forward_node(i, moment);
    auto rows = bad_rows(work_[i].out[0]);
    if (!rows.empty()) return {{path, "output", std::move(rows)}};
  }
  return {};
}

std::vector<NotFinite> Run::diagnose_backward() {
  const auto served = network_.graph_.served();
  for (std::size_t h = 0; h < output_gradients_.size(); ++h) {
    auto rows = bad_rows(output_gradients_[h]);
    if (!rows.empty())
      return {{network_.graph_.nodes()[static_cast<std::size_t>(served[h])].path, "gradient of the loss",
               std::move(rows)}};
  }
  for (std::size_t i = work_.size(); i-- > 0;) {
    Work& work = work_[i];
    if (!work.runs_backward) continue;
    backward_node(i, true);
    const Node& node = network_.graph_.nodes()[i];
    for (const View& din : work.din) {
      auto rows = bad_rows(din);
      if (!rows.empty()) return {{node.path, "gradient of its input", std::move(rows)}};
    }
    for (std::size_t p = 0; p < work.gradients.size(); ++p)
      if (work.gradients[p] && math::first_not_finite(work.gradients[p], work.sizes[p]) < work.sizes[p])
        return {{node.path, "gradient of " + node.plan.parameters[p].name, {}}};
  }
  return {};
}

}  // namespace bpnet
