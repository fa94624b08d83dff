#include "initialisers/fills.hpp"
#include "spec/table.hpp"

namespace bpnet::initialiser_entries {

namespace {
struct Normal final : Initialiser {
  double deviation = 0.05;

  void visit(Visitor& v) override { v("deviation", deviation, above(0), "standard deviation"); }
  void fill(std::span<Real> values, const Shape&, int, int, Draw draw) const override {
    fill_normal(values, deviation, draw);
  }
};
}  // namespace

extern const Entry normal = {
    "normal",
    "normal with mean 0",
    "normal_ RandomNormal random_normal gaussian randn TruncatedNormal trunc_normal_ truncated_normal",
    "normal: 0.02",
    "",
    make<Normal>};

}  // namespace bpnet::initialiser_entries
