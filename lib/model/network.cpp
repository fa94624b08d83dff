#include "model/network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "core/error.hpp"
#include "core/free_memory.hpp"
#include "core/hash.hpp"

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
    at += round_up(s.size(), gap);
    segments.push_back(std::move(s));
    initialisers.push_back(p.init);
  }
  return at;
}
// Of parameters and gradients; what runs take shows when they are prepared.
void check_memory(std::size_t values) {
  constexpr double no_matter = 1e8;
  const double needed = 2.0 * static_cast<double>(values) * sizeof(Real);
  if (needed < no_matter) return;
  if (const auto free = static_cast<double>(free_memory()); needed > free)
    throw Error(
        Fault::configuration,
        fmt::format(
            "the model has {} parameters, which take {:.1f} GB with their gradients, and {:.1f} GB are free",
            values, needed / 1e9, free / 1e9),
        {"make its layers narrower, or take a machine with more memory"});
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
  check_memory(values);
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
  if (made.arena_bytes_ > arena_.size()) arena_ = Memory(made.arena_bytes_);
  made.bind();
  return made;
}

std::size_t Network::memory_bytes() const {
  return parameters_.size() + gradients_.size() + buffers_.size() + arena_.size() + generating_.carry.size() +
         generating_.other.size();
}

}  // namespace bpnet
