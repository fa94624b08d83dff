#include "initialisers/initialiser.hpp"
#include "math/elements.hpp"
#include "spec/table.hpp"

namespace bpnet::initialiser_entries {

namespace {
struct Zeros final : Initialiser {
  void fill(std::span<Real> values, const Shape&, int, int, Draw) const override {
    math::fill(0, values.size(), values.data());
  }
};
}  // namespace

extern const Entry zeros = {"zeros", "all 0", "zero zeros_ Zeros", "zeros", "", make<Zeros>};

}  // namespace bpnet::initialiser_entries
