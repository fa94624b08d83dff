#include "layers/members.hpp"

#include <algorithm>

#include "layers/numbers.hpp"
#include "math/affine.hpp"

namespace bpnet {

namespace {

struct RandomSigns final : Initialiser {
  void fill(std::span<Real> values, const Shape&, int, int, Draw draw) const override {
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = draw.uniform(0, i) < 0.5 ? Real{-1} : Real{1};
  }
};

class SpreadPass final : public Pass {
 public:
  SpreadPass(int rows, int members, int width)
      : members_(members), width_(width), block_{rows, width, width, members * width} {}
  void forward(const Lent& lent) override {
    for (int m = 0; m < members_; ++m)
      math::affine(block_, lent.in[0].reals(), lent.parameters[0] + m * width_, nullptr,
                   lent.out[0].reals() + m * width_);
  }
  void backward(const Lent& lent) override {
    for (int m = 0; m < members_; ++m) {
      const Real* dout = lent.dout[0].reals() + m * width_;
      math::affine_backward(block_, lent.in[0].reals(), dout,
                            lent.gradients[0] ? lent.gradients[0] + m * width_ : nullptr, nullptr);
      if (lent.din[0])
        math::affine_backward_input(block_, dout, lent.parameters[0] + m * width_, m > 0,
                                    lent.din[0].reals());
    }
  }

 private:
  int members_, width_;
  math::Block block_;
};

class MemberScalePass final : public Pass {
 public:
  MemberScalePass(int rows, int width, bool shift) : shift_(shift), block_{rows, width, width, width} {}
  void forward(const Lent& lent) override {
    math::affine(block_, lent.in[0].reals(), lent.parameters[0], shift_ ? lent.parameters[1] : nullptr,
                 lent.out[0].reals());
  }
  void backward(const Lent& lent) override {
    math::affine_backward(block_, lent.in[0].reals(), lent.dout[0].reals(), lent.gradients[0],
                          shift_ ? lent.gradients[1] : nullptr);
    if (lent.din[0])
      math::affine_backward_input(block_, lent.dout[0].reals(), lent.parameters[0], false,
                                  lent.din[0].reals());
  }

 private:
  bool shift_;
  math::Block block_;
};

}  // namespace

Plan SpreadRows::plan(std::span<const Port> in) const {
  require_numbers(in[0]);
  if (in[0].shape.axes() != 1)
    throw Misfit{"members that share weights take plain rows, but got " + in[0].shape.text(),
                 {"say train.ensemble: N for members of their own"}};
  Plan plan;
  Port out = in[0];
  const int width = in[0].shape[0];
  out.shape = {members, width};
  plan.out = {out};
  plan.members = true;
  static const RandomSigns signs;
  plan.parameters.push_back({"scale", {members, width}, &signs, Role::norm});
  plan.backward_reads_in = true;
  return plan;
}

std::unique_ptr<Pass> SpreadRows::prepare(std::span<const Port> in, Batch batch, Mode) const {
  return std::make_unique<SpreadPass>(batch.rows(), members, in[0].width());
}

Plan MemberScale::plan(std::span<const Port> in) const {
  Plan plan;
  plan.out = {in[0]};
  plan.parameters.push_back({"scale", in[0].shape, initialiser_named("ones"), Role::norm});
  if (shift) plan.parameters.push_back({"bias", in[0].shape, nullptr, Role::bias});
  plan.backward_reads_in = true;
  return plan;
}

std::unique_ptr<Pass> MemberScale::prepare(std::span<const Port> in, Batch batch, Mode) const {
  return std::make_unique<MemberScalePass>(batch.rows(), in[0].width(), shift);
}

int with_members(Builder& builder, int in, const std::string& scope) {
  const int members = builder.members();
  if (members < 2 || builder.has_members(in)) return in;
  return builder.add(scope.empty() ? "members" : scope + ".members", std::make_shared<SpreadRows>(members),
                     {in});
}

std::vector<int> alike(Builder& builder, std::vector<int> nodes, std::span<const std::string> scopes) {
  if (std::none_of(nodes.begin(), nodes.end(), [&](int n) { return builder.has_members(n); })) return nodes;
  for (std::size_t i = 0; i < nodes.size(); ++i) nodes[i] = with_members(builder, nodes[i], scopes[i]);
  return nodes;
}

}  // namespace bpnet
