#pragma once
// A check that many layers make of their input.

#include "layers/layer.hpp"

namespace bpnet {

/// Throws Misfit if the port brings category codes.
inline void require_numbers(const Port& in) {
  if (in.type != Type::real)
    throw Misfit{"takes numbers, but its input is category codes", {"put an embedding in front of it"}};
}

}  // namespace bpnet
