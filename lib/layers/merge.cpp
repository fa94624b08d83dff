#include "layers/merge.hpp"

#include "math/elements.hpp"

namespace bpnet {

namespace {

class AddPass final : public Pass {
 public:
  explicit AddPass(std::size_t elements) : elements_(elements) {}
  void forward(const Lent& lent) override {
    math::add(lent.in[0].reals(), lent.in[1].reals(), elements_, lent.out[0].reals());
    for (std::size_t i = 2; i < lent.in.size(); ++i)
      math::add(lent.out[0].reals(), lent.in[i].reals(), elements_, lent.out[0].reals());
  }
  void backward(const Lent& lent) override {
    for (const View& din : lent.din)
      if (din) math::copy(lent.dout[0].reals(), elements_, din.reals());
  }

 private:
  std::size_t elements_;
};

class ConcatPass final : public Pass {
 public:
  explicit ConcatPass(int rows) : rows_(rows) {}
  void forward(const Lent& lent) override { copy(lent, lent.in, true); }
  void backward(const Lent& lent) override { copy(lent, lent.din, false); }

 private:
  void copy(const Lent& lent, std::span<const View> parts, bool forward) const {
    const View& whole = forward ? lent.out[0] : lent.dout[0];
    const int to = whole.port.shape[-1];
    const int rows = rows_ * (whole.width() / to);
    int at = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const int width = lent.in[i].port.shape[-1];
      if (forward)
        math::copy_columns(parts[i].reals(), rows, width, 0, whole.reals(), to, at, width);
      else if (parts[i])
        math::copy_columns(whole.reals(), rows, to, at, parts[i].reals(), width, 0, width);
      at += width;
    }
  }
  int rows_;
};

void check_numbers(std::span<const Port> in) {
  for (const Port& p : in)
    if (p.type != Type::real)
      throw Misfit{"joins numbers, but one input is category codes", {"put an embedding in front of it"}};
}

}  // namespace

Plan Add::plan(std::span<const Port> in) const {
  check_numbers(in);
  for (const Port& p : in)
    if (!(p.shape == in[0].shape))
      throw Misfit{"adds inputs of one shape, but got " + in[0].shape.text() + " and " + p.shape.text(), {}};
  Plan plan;
  plan.out = {in[0]};
  return plan;
}

std::unique_ptr<Pass> Add::prepare(std::span<const Port> in, Batch batch, Mode) const {
  return std::make_unique<AddPass>(in[0].shape.elements() * static_cast<std::size_t>(batch.rows()));
}

Plan Concat::plan(std::span<const Port> in) const {
  check_numbers(in);
  Plan plan;
  Port out = in[0];
  for (std::size_t i = 1; i < in.size(); ++i) {
    const Shape& shape = in[i].shape;
    bool fits = shape.axes() == out.shape.axes();
    for (int a = 0; fits && a + 1 < shape.axes(); ++a) fits = shape[a] == out.shape[a];
    if (!fits)
      throw Misfit{"joins inputs that differ in the last axis only, but got " + in[0].shape.text() + " and " +
                       shape.text(),
                   {}};
    out.shape[-1] += shape[-1];
  }
  plan.out = {out};
  return plan;
}

std::unique_ptr<Pass> Concat::prepare(std::span<const Port>, Batch batch, Mode) const {
  return std::make_unique<ConcatPass>(batch.rows());
}

}  // namespace bpnet
