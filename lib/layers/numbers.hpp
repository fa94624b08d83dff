#pragma once
// Checks that many layers make of their input and of what they put out.

#include "layers/layer.hpp"

namespace bpnet {

/// Throws Misfit if the port brings category codes.
inline void require_numbers(const Port& in) {
  if (in.type != Type::real)
    throw Misfit{"takes numbers, but its input is category codes", {"put an embedding in front of it"}};
}

/// Numbers that may flow along an edge for one row, those of all its steps together.
inline constexpr std::int64_t numbers_at_most = std::int64_t{1} << 28;

/// Throws Misfit if what a layer makes of its input has more; `made` is how people write it.
inline void require_size(double numbers, const std::string& made) {
  if (numbers > static_cast<double>(numbers_at_most))
    throw Misfit{"would put out " + made + " for each row, but " + std::to_string(numbers_at_most) +
                     " numbers is the most",
                 {"make it smaller, or its input"}};
}

/// The size of an axis that options ask for. Throws Misfit if it alone is too large.
inline int size_of_axis(std::int64_t size) {
  require_size(static_cast<double>(size), "an axis of " + std::to_string(size));
  return static_cast<int>(size);
}

}  // namespace bpnet
