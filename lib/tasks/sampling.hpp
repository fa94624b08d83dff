#pragma once
// Drawing the next token.

#include <cstdint>
#include <span>
#include <vector>

#include "core/random.hpp"
#include "core/shape.hpp"

namespace bpnet {

struct Sampling {
  double temperature = 1;  // 0: always the most probable
  std::int64_t top_k = 0;  // only the k most probable; 0: all
  double top_p = 1;        // only the most probable that come to this share (Holtzman et al. 2020)
  std::uint64_t seed = 42;
};

/// Draws tokens from logits.
class Sampler {
 public:
  explicit Sampler(const Sampling& sampling) : sampling_(sampling) {}
  /// Of tokens `from` and above. `step` counts the tokens of a text: the same step draws with the same random
  /// number.
  std::int32_t draw(std::span<const Real> logits, std::int32_t from, std::uint64_t step);

 private:
  struct Candidate {
    double share;
    std::int32_t token;
  };
  Sampling sampling_;
  std::vector<Candidate> candidates_;
};

}  // namespace bpnet
