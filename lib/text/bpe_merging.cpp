#include <bit>

#include "text/bpe.hpp"

namespace bpnet {

Merger::Merger(std::span<const Merge> merges) {
  const std::size_t size = std::bit_ceil(2 * merges.size() + 2);
  slots_.resize(size);
  shift_ = 64 - std::countr_zero(size);
  for (std::size_t m = 0; m < merges.size(); ++m) {
    const std::uint64_t key = key_of(merges[m][0], merges[m][1]);
    std::size_t slot = slot_of(key);
    while (slots_[slot].symbol != none) slot = (slot + 1) & (size - 1);
    slots_[slot] = {key, byte_symbols + static_cast<std::int32_t>(m)};
  }
}

std::int32_t Merger::merged(std::int32_t left, std::int32_t right) const {
  const std::uint64_t key = key_of(left, right);
  for (std::size_t slot = slot_of(key); slots_[slot].symbol != none; slot = (slot + 1) & (slots_.size() - 1))
    if (slots_[slot].key == key) return slots_[slot].symbol;
  return none;
}

std::size_t Merger::apply(std::span<std::int32_t> symbols) const {
  std::size_t count = symbols.size();
  std::int32_t after[256];  // what symbol i and the next one make
  for (std::size_t i = 0; i + 1 < count; ++i) after[i] = merged(symbols[i], symbols[i + 1]);
  while (count > 1) {
    std::size_t best = 0;
    for (std::size_t i = 1; i + 1 < count; ++i)
      if (after[i] < after[best]) best = i;
    if (after[best] == none) break;
    symbols[best] = after[best];
    --count;
    for (std::size_t i = best + 1; i < count; ++i) symbols[i] = symbols[i + 1];
    for (std::size_t i = best + 1; i + 1 < count; ++i) after[i] = after[i + 1];
    if (best > 0) after[best - 1] = merged(symbols[best - 1], symbols[best]);
    if (best + 1 < count) after[best] = merged(symbols[best], symbols[best + 1]);
  }
  return count;
}

}  // namespace bpnet
