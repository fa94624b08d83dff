#include <algorithm>

#include "core/memory.hpp"
#include "layers/members.hpp"
#include "math/elements.hpp"
#include "math/product.hpp"

namespace bpnet {

namespace {

constexpr std::size_t behind = 64;  // bytes that products may read behind a matrix

class MemberDensePass final : public Pass {
 public:
  MemberDensePass(const Batch& batch, int members, int in, int units, bool bias, Mode mode)
      : rows_(batch.rows()),
        members_(members),
        in_(in),
        units_(units),
        bias_(bias),
        forward_(math::prepare_product({rows_, units, in, false, false, false, bias, batch.precision})) {
    std::size_t products = forward_->scratch_bytes;
    if (mode != Mode::inference) {
      input_ = math::prepare_product({rows_, in, units, false, true, false, false, batch.precision});
      weight_ = math::prepare_product({in, units, rows_, true, false, true, false, batch.precision});
      for (const auto* p : {&input_, &weight_}) products = std::max(products, (*p)->scratch_bytes);
    }
    inputs_at_ = round_up(products, behind);
    outputs_at_ = inputs_at_ + matrix_bytes(in);
    scratch_bytes = outputs_at_ + matrix_bytes(units);
  }
  void forward(const Lent& lent) override {
    for (int m = 0; m < members_; ++m) {
      take(lent, lent.in[0], in_, m, inputs_at_);
      forward_->run(at(lent, inputs_at_), weights(lent.parameters[0], m),
                    bias_ ? lent.parameters[1] + m * units_ : nullptr, at(lent, outputs_at_), lent.scratch);
      put(lent, outputs_at_, units_, m, lent.out[0]);
    }
  }
  void backward(const Lent& lent) override {
    for (int m = 0; m < members_; ++m) {
      take(lent, lent.dout[0], units_, m, outputs_at_);
      if (lent.gradients[0]) {
        take(lent, lent.in[0], in_, m, inputs_at_);
        weight_->run(at(lent, inputs_at_), at(lent, outputs_at_), nullptr, weights(lent.gradients[0], m),
                     lent.scratch);
      }
      if (bias_ && lent.gradients[1])
        math::add_column_sums(at(lent, outputs_at_), rows_, units_, lent.gradients[1] + m * units_);
      if (!lent.din[0]) continue;
      input_->run(at(lent, outputs_at_), weights(lent.parameters[0], m), nullptr, at(lent, inputs_at_),
                  lent.scratch);
      put(lent, inputs_at_, in_, m, lent.din[0]);
    }
  }

 private:
  std::size_t matrix_bytes(int width) const {
    const auto n = static_cast<std::size_t>(rows_) * static_cast<std::size_t>(width);
    return round_up(n * sizeof(Real), behind) + behind;
  }
  static Real* at(const Lent& lent, std::size_t offset) {
    return reinterpret_cast<Real*>(lent.scratch + offset);
  }
  Real* weights(Real* all, int member) const { return all + std::ptrdiff_t{member} * in_ * units_; }
  void take(const Lent& lent, const View& from, int width, int member, std::size_t to) const {
    math::copy_columns(from.reals(), rows_, members_ * width, member * width, at(lent, to), width, 0, width);
  }
  void put(const Lent& lent, std::size_t from, int width, int member, const View& to) const {
    math::copy_columns(at(lent, from), rows_, width, 0, to.reals(), members_ * width, member * width, width);
  }

  int rows_, members_, in_, units_;
  bool bias_;
  std::unique_ptr<math::Product> forward_, input_, weight_;
  std::size_t inputs_at_ = 0, outputs_at_ = 0;  // in scratch: one member's matrices
};

}  // namespace

Plan MemberDense::plan(std::span<const Port> in) const {
  const int members = in[0].shape[0], width = in[0].shape[1];
  Plan plan;
  Port out = in[0];
  out.shape = {members, units};
  plan.out = {out};
  const Initialiser* init = initialiser ? initialiser : initialiser_named("glorot_uniform");
  plan.parameters.push_back({"weight", {members, width, units}, init, Role::matrix, width, units});
  if (bias) plan.parameters.push_back({"bias", {members, units}, nullptr, Role::bias, width, units});
  plan.backward_reads_in = true;
  plan.multiply_adds = std::int64_t{members} * width * units;
  return plan;
}

std::unique_ptr<Pass> MemberDense::prepare(std::span<const Port> in, Batch batch, Mode mode) const {
  return std::make_unique<MemberDensePass>(batch, in[0].shape[0], in[0].shape[1], units, bias, mode);
}

}  // namespace bpnet
