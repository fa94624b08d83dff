#include "model/run_planner.hpp"

#include <algorithm>

namespace bpnet {

RunPlanner::RunPlanner(Run& run, const Network& network)
    : run_(run), network_(network), count_(static_cast<int>(network.graph_.nodes().size())) {}

void RunPlanner::plan() {
  find_consumers();
  place_values();
  if (learning()) place_gradients();
  place_pass_memory();
  place_carry();
  run_.arena_bytes_ = place_spots(spots_);
  for (const auto& [at, s] : wanted_)
    run_.pointers_.emplace_back(at, spots_[static_cast<std::size_t>(s)].offset);
}

View RunPlanner::view(int n) const {
  View v;
  v.port = node(n).port();
  v.samples = run_.extent_.samples;
  v.steps = run_.extent_.of(v.port.time);
  if (v.port.time != 0) v.lengths = run_.lengths(v.port.time);
  return v;
}

int RunPlanner::spot(std::size_t bytes, int begin, int end) {
  spots_.push_back({bytes, begin, end});
  return static_cast<int>(spots_.size()) - 1;
}

// Also says which nodes run backward: those that learn, or pass a gradient to one that does, and reach a
// head; to explain, inputs of numbers stand for what learns.
void RunPlanner::find_consumers() {
  const auto n = static_cast<std::size_t>(count_);
  consumers_.resize(n);
  served_.assign(n, false);
  for (int i = 0; i < count_; ++i)
    for (int v : node(i).inputs) consumers_[static_cast<std::size_t>(v)].push_back(i);
  std::vector<bool> reaches(n, false);
  for (int head : network_.graph_.served()) served_[static_cast<std::size_t>(head)] = true;
  for (int i = count_ - 1; i >= 0; --i) {
    const auto k = static_cast<std::size_t>(i);
    bool any = served_[k];
    for (int j : consumers_[k]) any = any || reaches[static_cast<std::size_t>(j)];
    reaches[k] = any;
    run_.work_[k].runs_backward = any && learning();
  }
  for (int i = 0; i < count_; ++i) {
    const auto k = static_cast<std::size_t>(i);
    bool needs = network_.needs_gradient_[k];
    if (keeps()) {
      needs = node(i).is_input() && node(i).port().type == Type::real;
      for (int v : node(i).inputs) needs = needs || learns(v);
    }
    run_.work_[k].runs_backward = run_.work_[k].runs_backward && needs;
  }
}

bool RunPlanner::over_input(int i) const {
  const Node& at = node(i);
  if (keeps() || at.is_input() || !at.plan.in_place || at.inputs.size() != 1) return false;
  const int v = at.inputs[0];
  const auto k = static_cast<std::size_t>(v);
  if (run_.work_[k].once != run_.work_[static_cast<std::size_t>(i)].once) return false;
  if (node(v).is_input() || served_[k] || consumers_[k].size() != 1) return false;
  if (learns(i) && at.plan.backward_reads_in) return false;
  return !(learns(v) && node(v).plan.backward_reads_out);
}

void RunPlanner::place_values() {
  const int loss = count_, n2 = 2 * count_;
  for (int i = 0; i < count_; ++i) {
    const auto k = static_cast<std::size_t>(i);
    // Outputs are read after the loss; inputs too when nothing is learnt (predict shows them).
    const bool shown = served_[k] || (node(i).is_input() && !learning());
    int end = shown ? loss + 1 : i;
    for (int j : consumers_[k]) end = std::max(end, learns(j) && node(j).plan.backward_reads_in ? n2 - j : j);
    if (learns(i) && node(i).plan.backward_reads_out) end = std::max(end, n2 - i);
    if (keeps() || run_.work_[k].once) end = n2 + 1;
    View v = view(i);
    int s = 0;
    if (over_input(i)) {
      s = value_spot_[static_cast<std::size_t>(node(i).inputs[0])];
      Spot& shared = spots_[static_cast<std::size_t>(s)];
      shared.end = std::max(shared.end, end);
    } else {
      s = spot(v.port.bytes() * static_cast<std::size_t>(v.rows()), node(i).is_input() ? -1 : i, end);
    }
    value_spot_.push_back(s);
    run_.work_[k].out = {v};
    point(&run_.work_[k].out[0].data, s);
    for (int input : node(i).inputs) run_.work_[k].in.push_back(view(input));
    for (std::size_t a = 0; a < node(i).inputs.size(); ++a)
      point(&run_.work_[k].in[a].data, value_spot_[static_cast<std::size_t>(node(i).inputs[a])]);
    if (node(i).is_input()) run_.inputs_.push_back(v);
  }
  std::size_t input = 0;
  for (int i = 0; i < count_; ++i)
    if (node(i).is_input()) point(&run_.inputs_[input++].data, value_spot_[static_cast<std::size_t>(i)]);
  for (int head : network_.graph_.served()) run_.outputs_.push_back(view(head));
  for (std::size_t h = 0; h < run_.outputs_.size(); ++h)
    point(&run_.outputs_[h].data, value_spot_[static_cast<std::size_t>(network_.graph_.served()[h])]);
}

// From the loss backwards: each consumer of a value writes a gradient of its own; the first one written is
// the place where the others are added.
void RunPlanner::place_gradients() {
  const int n2 = 2 * count_;
  const auto last = [&](int reader) { return keeps() ? n2 + 1 : n2 - reader; };
  std::vector<std::vector<int>> parts(static_cast<std::size_t>(count_));  // spots, in the order written
  const auto served = network_.graph_.served();
  for (std::size_t h = 0; h < served.size(); ++h) {
    run_.output_gradients_.push_back(view(served[h]));
    const std::size_t bytes = run_.outputs_[h].elements() * sizeof(Real);
    parts[static_cast<std::size_t>(served[h])].push_back(spot(bytes, count_, last(served[h])));
  }
  for (std::size_t h = 0; h < served.size(); ++h)
    point(&run_.output_gradients_[h].data, parts[static_cast<std::size_t>(served[h])][0]);
  for (int i = count_ - 1; i >= 0; --i) {
    Run::Work& work = run_.work_[static_cast<std::size_t>(i)];
    work.din.resize(node(i).inputs.size());
    for (std::size_t a = 0; a < work.din.size(); ++a) work.din[a].port = node(node(i).inputs[a]).port();
    work.dout = {view(i)};
    const std::vector<int>& own = parts[static_cast<std::size_t>(i)];
    if (!work.runs_backward || own.empty()) continue;
    point(&work.dout[0].data, own[0]);
    work.summands.assign(own.size() - 1, view(i));
    for (std::size_t s = 1; s < own.size(); ++s) point(&work.summands[s - 1].data, own[s]);
    for (std::size_t a = 0; a < work.din.size(); ++a) {
      const int v = node(i).inputs[a];
      if (!learns(v)) continue;
      int s = 0;
      if (node(i).plan.in_place && work.din.size() == 1 && !keeps()) {
        s = own[0];
        spots_[static_cast<std::size_t>(s)].end = n2 - v;
      } else {
        s = spot(view(v).elements() * sizeof(Real), n2 - i, last(v));
      }
      work.din[a] = view(v);
      point(&work.din[a].data, s);
      parts[static_cast<std::size_t>(v)].push_back(s);
    }
  }
}

void RunPlanner::place_pass_memory() {
  const int n2 = 2 * count_;
  std::size_t scratch = 0;
  for (const Run::Work& work : run_.work_)
    if (work.pass) scratch = std::max(scratch, work.pass->scratch_bytes);
  const int shared = scratch > 0 ? spot(scratch, -1, n2 + 1) : 0;
  for (int i = 0; i < count_; ++i) {
    Run::Work& work = run_.work_[static_cast<std::size_t>(i)];
    if (!work.pass) continue;
    if (work.pass->scratch_bytes > 0) point(&work.lent.scratch, shared);
    if (work.pass->saved_bytes > 0) point(&work.lent.saved, spot(work.pass->saved_bytes, i, n2 + 1));
  }
}

// Not in the arena, where another run writes too.
void RunPlanner::place_carry() {
  std::size_t bytes = 0;
  for (Run::Work& work : run_.work_) {
    if (!work.pass) continue;
    work.carry = bytes;
    bytes = round_up(bytes + work.pass->carry_bytes, 64);
  }
  run_.carry_bytes_ = bytes;
  if (run_.going_->carry.size() < bytes) run_.going_->carry = Memory(bytes);
}

}  // namespace bpnet
