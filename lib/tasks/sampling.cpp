#include "tasks/sampling.hpp"

#include <algorithm>
#include <cmath>

namespace bpnet {

std::int32_t Sampler::draw(std::span<const Real> logits, std::int32_t from, std::uint64_t step) {
  const auto best = std::max_element(logits.begin() + from, logits.end());
  if (sampling_.temperature == 0) return static_cast<std::int32_t>(best - logits.begin());
  candidates_.clear();
  for (auto i = static_cast<std::size_t>(from); i < logits.size(); ++i)
    candidates_.push_back({std::exp((static_cast<double>(logits[i]) - *best) / sampling_.temperature),
                           static_cast<std::int32_t>(i)});
  const auto likelier = [](const Candidate& a, const Candidate& b) {
    return a.share != b.share ? a.share > b.share : a.token < b.token;
  };
  const auto k = static_cast<std::size_t>(sampling_.top_k);
  if (sampling_.top_p < 1) {
    std::sort(candidates_.begin(), candidates_.end(), likelier);
  } else if (k > 0 && k < candidates_.size()) {
    std::nth_element(candidates_.begin(), candidates_.begin() + sampling_.top_k - 1, candidates_.end(),
                     likelier);
  }
  if (k > 0 && k < candidates_.size()) candidates_.resize(k);
  double total = 0;
  for (const Candidate& c : candidates_) total += c.share;
  if (sampling_.top_p < 1) {
    double reached = 0;
    std::size_t kept = 0;
    while (kept < candidates_.size() && reached < sampling_.top_p * total)
      reached += candidates_[kept++].share;
    candidates_.resize(std::max<std::size_t>(1, kept));
    total = reached;
  }
  double at = Draw::of(sampling_.seed, stream_of("generate"), step).uniform_open(0, 0) * total;
  for (const Candidate& c : candidates_)
    if ((at -= c.share) < 0) return c.token;
  return candidates_.back().token;
}

}  // namespace bpnet
