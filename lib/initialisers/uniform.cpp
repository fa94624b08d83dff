#include "initialisers/fills.hpp"
#include "spec/table.hpp"

namespace bpnet::initialiser_entries {

namespace {
struct Uniform final : Initialiser {
  double range = 0.05;

  void visit(Visitor& v) override { v("range", range, above(0), "values lie between -range and range"); }
  void fill(std::span<Real> values, const Shape&, int, int, Draw draw) const override {
    fill_uniform(values, range, draw);
  }
};
}  // namespace

extern const Entry uniform = {
    "uniform", "uniform about 0", "uniform_ RandomUniform random_uniform rand", "uniform: 0.1",
    "",        make<Uniform>};

}  // namespace bpnet::initialiser_entries
