#pragma once

#include "initialisers/initialiser.hpp"

namespace bpnet {

/// Every element is the same.
struct Constant final : Initialiser {
  double value = 0;
  void visit(Visitor& v) override;
  void fill(std::span<Real> values, const Shape&, int, int, Draw) const override;
};

}  // namespace bpnet
