#include "layers/merge.hpp"

#include <algorithm>
#include <cassert>

#include "layers/numbers.hpp"
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

class MultiplyPass final : public Pass {
 public:
  explicit MultiplyPass(std::size_t elements) : elements_(elements) {}
  void forward(const Lent& lent) override {
    math::multiply(lent.in[0].reals(), lent.in[1].reals(), elements_, lent.out[0].reals());
  }
  void backward(const Lent& lent) override {
    for (std::size_t i = 0; i < 2; ++i)
      if (lent.din[i])
        math::multiply(lent.dout[0].reals(), lent.in[1 - i].reals(), elements_, lent.din[i].reals());
  }

 private:
  std::size_t elements_;
};

class ScaleChannelsPass final : public Pass {
 public:
  ScaleChannelsPass(int samples, int pixels, int channels)
      : samples_(samples), pixels_(pixels), channels_(channels) {}
  void forward(const Lent& lent) override {
    math::scale_channels(lent.in[0].reals(), lent.in[1].reals(), samples_, pixels_, channels_,
                         lent.out[0].reals());
  }
  void backward(const Lent& lent) override {
    if (lent.din[0])
      math::scale_channels(lent.dout[0].reals(), lent.in[1].reals(), samples_, pixels_, channels_,
                           lent.din[0].reals());
    if (lent.din[1])
      math::channel_products(lent.dout[0].reals(), lent.in[0].reals(), samples_, pixels_, channels_,
                             lent.din[1].reals());
  }

 private:
  int samples_, pixels_, channels_;
};

class SlicePass final : public Pass {
 public:
  SlicePass(int rows, int whole, int from, int width)
      : rows_(rows), whole_(whole), from_(from), width_(width) {}
  void forward(const Lent& lent) override {
    math::copy_columns(lent.in[0].reals(), rows_, whole_, from_, lent.out[0].reals(), width_, 0, width_);
  }
  void backward(const Lent& lent) override {
    if (!lent.din[0]) return;
    math::fill(0, lent.din[0].elements(), lent.din[0].reals());
    math::copy_columns(lent.dout[0].reals(), rows_, width_, 0, lent.din[0].reals(), whole_, from_, width_);
  }

 private:
  int rows_, whole_, from_, width_;
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
  for (const Port& p : in)
    if (p.time != in[0].time)
      throw Misfit{"joins the steps of a sequence with what has other steps, or none",
                   {"draw the steps together first: temporal_pool, or output: last of a recurrent layer"}};
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

Plan Multiply::plan(std::span<const Port> in) const {
  Plan plan = Add().plan(in);
  plan.backward_reads_in = true;
  return plan;
}

std::unique_ptr<Pass> Multiply::prepare(std::span<const Port> in, Batch batch, Mode) const {
  return std::make_unique<MultiplyPass>(in[0].shape.elements() * static_cast<std::size_t>(batch.rows()));
}

Plan ScaleChannels::plan(std::span<const Port> in) const {
  check_numbers(in);
  assert(in[1].width() == in[0].shape[-1]);
  Plan plan;
  plan.out = {in[0]};
  plan.backward_reads_in = true;
  return plan;
}

std::unique_ptr<Pass> ScaleChannels::prepare(std::span<const Port> in, Batch batch, Mode) const {
  const int channels = in[0].shape[-1];
  return std::make_unique<ScaleChannelsPass>(batch.rows(), in[0].width() / channels, channels);
}

Plan Slice::plan(std::span<const Port> in) const {
  Plan plan;
  Port out = in[0];
  out.shape[-1] = width;
  out.features.reset();
  plan.out = {out};
  return plan;
}

std::unique_ptr<Pass> Slice::prepare(std::span<const Port> in, Batch batch, Mode) const {
  const int whole = in[0].shape[-1];
  return std::make_unique<SlicePass>(batch.rows() * (in[0].width() / whole), whole, from, width);
}

std::unique_ptr<Pass> Add::prepare(std::span<const Port> in, Batch batch, Mode) const {
  return std::make_unique<AddPass>(in[0].shape.elements() * static_cast<std::size_t>(batch.rows()));
}

namespace {
/// The features of inputs side by side: null if every column of all is a number.
std::shared_ptr<const Features> joined_features(std::span<const Port> in) {
  const auto told = [](const Port& p) { return p.features != nullptr; };
  if (std::none_of(in.begin(), in.end(), told)) return nullptr;
  auto all = std::make_shared<Features>();
  for (const Port& p : in) {
    const int numbers = p.features ? p.features->numbers : p.width();
    if (&p == &in[0])
      all->numbers = numbers;
    else
      all->widths.insert(all->widths.end(), static_cast<std::size_t>(numbers), 1);
    if (p.features)
      all->widths.insert(all->widths.end(), p.features->widths.begin(), p.features->widths.end());
  }
  return all;
}
}  // namespace

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
    out.shape[-1] = size_of_axis(std::int64_t{out.shape[-1]} + shape[-1]);
  }
  out.features = joined_features(in);
  plan.out = {out};
  return plan;
}

std::unique_ptr<Pass> Concat::prepare(std::span<const Port>, Batch batch, Mode) const {
  return std::make_unique<ConcatPass>(batch.rows());
}

}  // namespace bpnet
