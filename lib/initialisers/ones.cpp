#include "initialisers/initialiser.hpp"
#include "math/elements.hpp"
#include "spec/table.hpp"

namespace bpnet::initialiser_entries {

namespace {
struct Ones final : Initialiser {
  void fill(std::span<Real> values, const Shape&, int, int, Draw) const override {
    math::fill(1, values.size(), values.data());
  }
};
}  // namespace

extern const Entry ones = {"ones", "all 1", "one ones_ Ones", "ones", "", make<Ones>};

}  // namespace bpnet::initialiser_entries
