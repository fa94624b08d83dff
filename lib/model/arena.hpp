#pragma once
// Places for values with lifetimes in one arena: those alive at the same time never overlap.

#include <cstddef>
#include <span>
#include <vector>

namespace bpnet {

/// A value's size and the moments (inclusive) between which it must be kept; `offset` is the answer.
struct Spot {
  std::size_t bytes = 0;
  int begin = 0, end = 0;
  std::size_t offset = 0;
};

/// Gives each spot an offset (a multiple of 64), largest first, lowest place that is free for its lifetime.
/// Returns the bytes of the arena.
std::size_t place_spots(std::span<Spot> spots);

}  // namespace bpnet
