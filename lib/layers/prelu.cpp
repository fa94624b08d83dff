#include "math/prelu.hpp"

#include "initialisers/constant.hpp"
#include "layers/norm.hpp"
#include "math/elements.hpp"
#include "math/reduce.hpp"

namespace bpnet::layer_entries {

namespace {

class PreluPass final : public Pass {
 public:
  PreluPass(int rows, int width) : rows_(rows), width_(width) {
    const auto elements = static_cast<std::size_t>(rows) * static_cast<std::size_t>(width);
    scratch_bytes = (elements + math::lanes) * sizeof(Real);
  }
  void forward(const Lent& lent) override {
    math::prelu(lent.in[0].reals(), lent.parameters[0], rows_, width_, lent.out[0].reals());
  }
  void backward(const Lent& lent) override {
    Real* const along = lent.gradients[0] ? reinterpret_cast<Real*>(lent.scratch) : nullptr;
    math::prelu_backward(lent.in[0].reals(), lent.parameters[0], lent.dout[0].reals(), rows_, width_,
                         lent.din[0].reals(), along);
    if (along) math::add_column_sums(along, rows_, width_, lent.gradients[0]);
  }

 private:
  int rows_, width_;
};

/// He, Zhang, Ren, Sun 2015: a slope for each number of the last axis. Weight decay leaves it alone.
struct Prelu final : Layer {
  Constant first;

  Prelu() { first.value = 0.25; }

  void visit(Visitor& v) override {
    v("negative_slope", first.value, any_number(), "slope below zero at first");
  }
  Plan plan(std::span<const Port> in) const override {
    require_numbers(in[0]);
    Plan plan;
    plan.out = {in[0]};
    plan.parameters.push_back({"weight", {in[0].shape[-1]}, &first, Role::norm});
    plan.backward_reads_in = true;
    return plan;
  }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode) const override {
    const auto [rows, width] = norm_rows(in[0], batch);
    return std::make_unique<PreluPass>(rows, width);
  }
};

}  // namespace

extern const Entry prelu = {"prelu",
                            "x where positive, else x times a slope that is learnt for each feature",
                            "PReLU parametric_relu",
                            "prelu",
                            "7",
                            make<Prelu>};

}  // namespace bpnet::layer_entries
