#include "optimizers/by_stack.hpp"

namespace bpnet {

OptimizerByStack::OptimizerByStack(const ChoiceMap& written) {
  for (const auto& [stack, choice] : written)
    parts_.push_back({stack, choice.name(), choice.as<Optimizer>(), {}});
}

std::vector<std::string> OptimizerByStack::arrays() const {
  std::vector<std::string> names;
  for (const Part& part : parts_)
    for (const std::string& name : part.own->arrays()) names.push_back(part.stack + "." + name);
  return names;
}

void OptimizerByStack::prepare(std::span<const Segment> segments, std::size_t count) {
  for (Part& part : parts_) {
    part.segments.assign(segments.begin(), segments.end());
    for (Segment& s : part.segments) s.frozen |= !s.path.starts_with(part.stack + ".");
    part.own->prepare(part.segments, count);
  }
}

void OptimizerByStack::step(const Weights& weights, std::span<Real> state, const Rates& rates,
                            const Evaluate& again) {
  for (const Part& part : parts_) {
    const std::size_t count = part.own->arrays().size() * weights.values.size();
    part.own->step({weights.values, weights.gradients, part.segments}, state.first(count), rates, again);
    state = state.subspan(count);
  }
}

std::string OptimizerByStack::rate_key() const {
  return "." + parts_.front().stack + "." + parts_.front().name + parts_.front().own->rate_key();
}

std::shared_ptr<Optimizer> optimizer_of(const ChoiceMap& written) {
  if (written.front().first.empty()) return written.front().second.as<Optimizer>();
  return std::make_shared<OptimizerByStack>(written);
}

}  // namespace bpnet
