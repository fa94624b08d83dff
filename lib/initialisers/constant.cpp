#include "initialisers/initialiser.hpp"
#include "math/elements.hpp"
#include "spec/table.hpp"

namespace bpnet::initialiser_entries {

namespace {
struct Constant final : Initialiser {
  double value = 0;

  void visit(Visitor& v) override { v("value", value, any_number(), "what every element is"); }
  void fill(std::span<Real> values, const Shape&, int, int, Draw) const override {
    math::fill(static_cast<Real>(value), values.size(), values.data());
  }
};
}  // namespace

extern const Entry constant = {"constant", "all the same", "constant_ Constant full fill", "constant: 0.1",
                               "",         make<Constant>};

}  // namespace bpnet::initialiser_entries
