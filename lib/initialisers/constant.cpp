#include "initialisers/constant.hpp"

#include "math/elements.hpp"
#include "spec/table.hpp"

namespace bpnet {

void Constant::visit(Visitor& v) { v("value", value, any_number(), "what every element is"); }

void Constant::fill(std::span<Real> values, const Shape&, int, int, Draw) const {
  math::fill(static_cast<Real>(value), values.size(), values.data());
}

namespace initialiser_entries {
extern const Entry constant = {"constant", "all the same", "constant_ Constant full fill", "constant: 0.1",
                               "",         make<Constant>};
}

}  // namespace bpnet
