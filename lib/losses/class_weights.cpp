#include "losses/class_weights.hpp"

#include <algorithm>
#include <numeric>

#include "spec/spec.hpp"

namespace bpnet {

namespace {
std::string way_out(const std::string& label, const TargetKind& target) {
  const auto near = near_words(label, target.labels);
  if (!near.empty()) return "did you mean '" + near.front() + "'?";
  constexpr std::size_t most = 20;
  std::string all = "its classes are";
  for (std::size_t i = 0; i < std::min(target.labels.size(), most); ++i)
    all += (i ? ", " : " ") + target.labels[i];
  return target.labels.size() > most ? all + ", ..." : all;
}
}  // namespace

void ClassWeights::visit(Visitor& v) {
  v.optional("class_weights", written_, "balanced", at_least(0),
             "weight of a class's rows, 1 for those not named; balanced: all classes count the same");
}

void ClassWeights::bind(const TargetKind& target) {
  weights_.clear();
  if (!written_) {
    weights_ = balanced_weights(target);
    return;
  }
  if (written_->empty()) return;
  weights_.assign(target.labels.size(), 1);
  std::vector<Problem> problems;
  for (const auto& [label, weight] : *written_) {
    const auto at = std::find(target.labels.begin(), target.labels.end(), label);
    if (at != target.labels.end()) {
      weights_[static_cast<std::size_t>(at - target.labels.begin())] = static_cast<Real>(weight);
      continue;
    }
    Problem& unknown = problems.emplace_back();
    unknown.message = "class_weights names '" + label + "', which is not a class of '" + target.name + "'";
    unknown.help = {way_out(label, target)};
  }
  if (!problems.empty()) throw Error(Fault::configuration, std::move(problems));
  if (std::all_of(weights_.begin(), weights_.end(), [](Real weight) { return weight == 0; }))
    throw Error(Fault::configuration, "class_weights are 0 for every class: there is nothing to learn");
}

std::vector<Real> balanced_weights(const TargetKind& target) {
  const std::vector<double> rows = target.class_weights();
  const double all = std::accumulate(rows.begin(), rows.end(), 0.0);
  std::vector<Real> weights;
  weights.reserve(rows.size());
  for (const double weight : rows)
    weights.push_back(weight > 0 ? static_cast<Real>(all / (static_cast<double>(rows.size()) * weight))
                                 : Real{1});
  return weights;
}

}  // namespace bpnet
