#include "model/network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "core/error.hpp"
#include "core/hash.hpp"
#include "model/model_memory.hpp"

namespace bpnet {

namespace {
constexpr std::size_t gap = 16;  // segments begin at multiples of this many numbers

// Lays tensors out one after another, but those that are another's.
std::size_t lay_out(const Node& node, const std::vector<Parameter>& tensors, std::size_t at,
                    std::vector<Segment>& segments, std::vector<const Initialiser*>& initialisers) {
  for (const Parameter& p : tensors) {
    if (!p.same_as.empty()) continue;
    Segment s;
    s.path = node.path + "." + p.name;
    s.begin = at;
    s.shape = p.shape;
    s.role = p.role;
    s.rate = node.rate;
    s.decay = node.decay;
    if (p.role == Role::matrix || p.role == Role::embedding) {
      s.max_norm = node.bounds.max_norm.value_or(0);
      s.non_negative = node.bounds.non_negative;
    } else {
      s.decay = 0;
    }
    s.frozen = node.freeze;
    s.file = p.file;
    s.turned = p.turned;
    at += round_up(s.size(), gap);
    segments.push_back(std::move(s));
    initialisers.push_back(p.init);
  }
  return at;
}
}  // namespace

Network::Network(Graph graph, Precision precision) : graph_(std::move(graph)), precision_(precision) {
  std::size_t values = 0, buffers = 0;
  const auto find = [this](const std::string& path) {
    const auto at =
        std::find_if(segments_.begin(), segments_.end(), [&](const Segment& s) { return s.path == path; });
    assert(at != segments_.end());
    return static_cast<std::size_t>(at - segments_.begin());
  };
  for (const Node& node : graph_.nodes()) {
    std::vector<std::size_t>& own = node_segments_.emplace_back();
    std::size_t next = segments_.size();
    for (const Parameter& p : node.plan.parameters)
      own.push_back(p.same_as.empty() ? next++ : find(p.same_as));
    node_buffers_.emplace_back(buffer_segments_.size(), node.plan.buffers.size());
    values = lay_out(node, node.plan.parameters, values, segments_, initialisers_);
    buffers = lay_out(node, node.plan.buffers, buffers, buffer_segments_, buffer_initialisers_);
    for (const Parameter& p : node.plan.parameters)
      if (p.same_as.empty()) fans_.emplace_back(p.fan_in, p.fan_out);
    bool needs = !node.plan.parameters.empty() && !node.freeze;
    for (int i : node.inputs) needs = needs || needs_gradient_[static_cast<std::size_t>(i)];
    needs_gradient_.push_back(needs);
  }
  // What runs take shows when they are prepared.
  demand_memory(2 * values * sizeof(Real), fmt::format("the model has {} parameters, which take", values),
                " with their gradients");
  parameters_ = Memory(values * sizeof(Real));
  gradients_ = Memory(values * sizeof(Real));
  buffers_ = Memory(buffers * sizeof(Real));
}

Network::~Network() = default;

void Network::initialise(std::uint64_t seed) {
  const auto fill = [seed](std::span<const Segment> segments, std::span<const Initialiser* const> how,
                           std::span<Real> into, auto fans) {
    for (std::size_t i = 0; i < segments.size(); ++i) {
      const auto part = into.subspan(segments[i].begin, segments[i].size());
      const auto [in, out] = fans(i);
      const Draw draw = Draw::of(seed, stream_of(segments[i].path + "/initialise"));
      if (how[i])
        how[i]->fill(part, segments[i].shape, in, out, draw);
      else
        std::fill(part.begin(), part.end(), Real{0});
    }
  };
  fill(segments_, initialisers_, parameters_.as<Real>(), [this](std::size_t i) { return fans_[i]; });
  fill(buffer_segments_, buffer_initialisers_, buffers_.as<Real>(), [](std::size_t) {
    return std::pair{1, 1};
  });
}

bool Network::fits() const {
  const auto nodes = graph_.nodes();
  return std::any_of(nodes.begin(), nodes.end(), [](const Node& node) { return node.plan.fits; });
}

std::int64_t Network::parameter_count() const {
  std::int64_t n = 0;
  for (const Segment& s : segments_) n += static_cast<std::int64_t>(s.size());
  return n;
}

std::int64_t Network::multiply_adds() const {
  std::int64_t n = 0;
  for (const Node& node : graph_.nodes()) n += node.plan.multiply_adds;
  return n;
}

std::uint64_t Network::hash() const { return hash64({parameters_.data(), parameters_.size()}); }

Run& Network::run(const Extent& extent, Mode mode) {
  for (const auto& r : runs_) {
    if (!(r->extent() == extent) || r->mode() != mode) continue;
    if (!r->bound()) r->bind();
    return *r;
  }
  runs_.push_back(std::make_unique<Run>(*this, extent, mode));
  Run& made = *runs_.back();
  if (made.arena_bytes_ > arena_.size()) {
    arena_ = Memory();  // of runs before, which find the new one when they are asked for again
    arena_ = memory_of_batch(graph_, extent, mode == Mode::training, made.arena_bytes_);
  }
  made.bind();
  return made;
}

std::size_t Network::memory_bytes() const {
  return parameters_.size() + gradients_.size() + buffers_.size() + arena_.size() + generating_.carry.size() +
         generating_.other.size();
}

}  // namespace bpnet
