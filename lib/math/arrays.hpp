#pragma once
// Cuts memory that is lent into arrays.

#include <cstddef>

#include "core/shape.hpp"

namespace bpnet::math {

/// Arrays begin at multiples of 64 bytes and have 64 bytes behind their end. Without memory, it only counts.
class Arrays {
 public:
  explicit Arrays(std::byte* memory) : memory_(memory) {}
  Real* take(std::size_t n) {
    Real* const at = memory_ ? reinterpret_cast<Real*>(memory_ + bytes_) : nullptr;
    bytes_ += (n * sizeof(Real) + 127) / 64 * 64;
    return at;
  }
  std::size_t bytes() const { return bytes_; }

 private:
  std::byte* memory_;
  std::size_t bytes_ = 0;
};

}  // namespace bpnet::math
