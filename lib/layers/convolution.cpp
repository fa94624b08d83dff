#include "layers/convolution.hpp"

#include <algorithm>

#include "layers/activation_node.hpp"
#include "layers/pool.hpp"
#include "math/convolution.hpp"
#include "math/elements.hpp"
#include "math/lanes_convolution.hpp"

namespace bpnet {

namespace {

class ConvolutionPass final : public Pass {
 public:
  ConvolutionPass(const math::ConvolutionShape& shape, bool transposed, bool bias)
      : transposed_(transposed),
        bias_(bias),
        rows_(shape.samples * (transposed ? shape.window.pixels() : shape.window.places())),
        channels_(transposed ? shape.in : shape.out),
        convolution_(math::prepare_convolution(shape)) {
    scratch_bytes = convolution_->scratch_bytes;
  }
  void forward(const Lent& lent) override {
    const Real* bias = bias_ ? lent.parameters[1] : nullptr;
    Real* out = lent.out[0].reals();
    if (!transposed_) {
      convolution_->forward(lent.in[0].reals(), lent.parameters[0], bias, out, lent.scratch);
      return;
    }
    convolution_->backward_input(lent.in[0].reals(), lent.parameters[0], out, lent.scratch);
    if (bias) math::add_to_rows(bias, rows_, channels_, out);
  }
  void backward(const Lent& lent) override {
    const Real *in = lent.in[0].reals(), *dout = lent.dout[0].reals();
    if (lent.gradients[0])
      convolution_->backward_weight(transposed_ ? dout : in, transposed_ ? in : dout, !lent.fresh,
                                    lent.gradients[0], lent.scratch);
    if (bias_ && lent.gradients[1]) {
      if (lent.fresh) math::fill(0, static_cast<std::size_t>(channels_), lent.gradients[1]);
      math::add_column_sums(dout, rows_, channels_, lent.gradients[1]);
    }
    if (!lent.din[0]) return;
    if (transposed_)
      convolution_->forward(dout, lent.parameters[0], nullptr, lent.din[0].reals(), lent.scratch);
    else
      convolution_->backward_input(dout, lent.parameters[0], lent.din[0].reals(), lent.scratch);
  }

 private:
  bool transposed_, bias_;
  int rows_, channels_;  // of the output
  std::unique_ptr<math::Convolution> convolution_;
};

/// The output of a transposed convolution along an axis: where a window with these options would have read
/// `s.size` places from.
math::Slide turned(math::Slide s, bool same, int more) {
  const int places = s.size;
  if (same) {
    s.size = size_of_axis(std::int64_t{places} * s.stride);
    const int lacking = std::max(0, (places - 1) * s.stride + s.reach() - s.size);
    s.before = lacking / 2;
    s.after = lacking - s.before;
  } else {
    s.size = size_of_axis(std::int64_t{places - 1} * s.stride + s.reach() - s.before - s.after + more);
  }
  return s;
}

struct Described {
  math::ConvolutionShape shape;
  Shape out;
};

Described describe(const ConvolutionLayer& layer, const Port& in) {
  Described d;
  const WindowOptions::Image image = layer.window.image(in);
  if (!layer.channels && !layer.depthwise)
    throw Misfit{"needs channels: how many outputs each place has", {"write channels: 32"}};
  const auto channels = static_cast<int>(layer.channels.value_or(image.channels));
  const int groups = layer.depthwise ? image.channels : static_cast<int>(layer.groups);
  if (image.channels % groups != 0 || channels % groups != 0)
    throw Misfit{"cannot cut " + std::to_string(image.channels) + " input and " + std::to_string(channels) +
                     " output channels into " + std::to_string(groups) + " groups",
                 {"both are to be multiples of the groups"}};
  d.shape.groups = groups;
  if (!layer.transposed) {
    d.shape.window = layer.window.on(in);
    d.shape.in = image.channels;
    d.shape.out = channels;
    d.out = layer.window.shape(d.shape.window.rows.places(), d.shape.window.columns.places(), channels);
    return d;
  }
  const math::Window window = layer.window.sliding(in);
  const bool same = layer.window.padding.empty();
  const auto more = static_cast<int>(layer.output_padding);
  if (more >= std::min(window.rows.stride, window.columns.stride) && more > 0)
    throw Misfit{"output_padding is to be less than the stride", {}};
  d.shape.window = {turned(window.rows, same, more), turned(window.columns, same, more)};
  d.shape.in = channels;
  d.shape.out = image.channels;
  const int rows = d.shape.window.rows.size, columns = d.shape.window.columns.size;
  if (rows <= 0 || columns <= 0)
    throw Misfit{"has nothing left of its " + in.shape.text() + " input but padding", {"take less padding"}};
  d.out = layer.window.shape(rows, columns, channels);
  require_size(static_cast<double>(rows) * columns, d.out.text());
  return d;
}

class LanesPass final : public Pass {
 public:
  LanesPass(const math::LanesShape& shape, bool bias) : bias_(bias), convolution_(shape) {
    saved_bytes = convolution_.saved_bytes;
    scratch_bytes = convolution_.scratch_bytes;
  }
  void forward(const Lent& lent) override {
    convolution_.forward(lent.in[0].reals(), lent.parameters[0], bias_ ? lent.parameters[1] : nullptr,
                         lent.out[0].reals(), lent.saved, lent.scratch);
  }
  void backward(const Lent& lent) override {
    convolution_.backward(lent.dout[0].reals(), lent.parameters[0], !lent.fresh,
                          lent.din[0] ? lent.din[0].reals() : nullptr, lent.gradients[0],
                          bias_ ? lent.gradients[1] : nullptr, lent.saved, lent.scratch);
  }

 private:
  bool bias_;
  math::LanesConvolution convolution_;
};

/// A convolution of few channels with the rectifier and the max_pool2d behind it.
struct LanesLayer final : ConvolutionLayer {
  int pool_rows, pool_columns;
  LanesLayer(const ConvolutionLayer& first, int rows, int columns)
      : ConvolutionLayer(first), pool_rows(rows), pool_columns(columns) {}
  math::LanesShape lanes_shape(const Port& in, int samples) const {
    const math::ConvolutionShape s = describe(*this, in).shape;
    return {samples, s.window, s.in, s.out, pool_rows, pool_columns};
  }
  Plan plan(std::span<const Port> in) const override {
    Plan plan = ConvolutionLayer::plan(in);
    plan.out[0].shape[0] /= pool_rows;
    plan.out[0].shape[1] /= pool_columns;
    plan.backward_reads_in = false;
    return plan;
  }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode) const override {
    return std::make_unique<LanesPass>(lanes_shape(in[0], batch.rows()), bias);
  }
};

}  // namespace

std::shared_ptr<const Layer> ConvolutionLayer::fused_with(std::span<const Port> in,
                                                          std::span<const Layer* const> next) const {
  constexpr int few = 128;  // weights of an element of the window: more are faster as others compute them
  if (transposed || window.axes != 2 || next.size() != 2 || !next[0]->is_relu()) return nullptr;
  const auto* pool = dynamic_cast<const WindowPool*>(next[1]);
  const math::ConvolutionShape s = describe(*this, in[0]).shape;
  if (!pool || !pool->greatest || s.groups != 1 || s.in * s.out > few) return nullptr;
  Port out = in[0];
  out.shape = {s.window.rows.places(), s.window.columns.places(), s.out};
  const math::Window w = pool->window_on(out);
  if (!math::is_tiling(w)) return nullptr;
  auto all = std::make_shared<LanesLayer>(*this, w.rows.kernel, w.columns.kernel);
  return math::suits_lanes(all->lanes_shape(in[0], 1)) ? all : nullptr;
}

ConvolutionLayer::ConvolutionLayer(int axes, bool turned) : transposed(turned) {
  window.axes = axes;
  window.kernel = {3};
}

void ConvolutionLayer::visit(Visitor& v) {
  v.optional("channels", channels, "auto", between(1, 1 << 20),
             "outputs of each place; auto: as many as the input has, for depthwise");
  v("kernel_size", window.kernel, between(1, 1 << 12), "size of the window, or its rows and columns");
  window.visit_stride(v);
  window.visit_padding(v);
  window.visit_dilation(v);
  if (transposed) v("output_padding", output_padding, at_least(0), "rows and columns added at the end");
  v("groups", groups, between(1, 1 << 20), "parts of the channels that do not see one another");
  v("depthwise", depthwise, "each input channel by itself: as many groups as input channels");
  v("activation", activation, layers, "layer put behind it, none for a linear layer");
  v("bias", bias, "add a learnt bias");
  v("initialiser", initialiser, initialisers, "first weights; he_normal when not given");
}

Plan ConvolutionLayer::plan(std::span<const Port> in) const {
  const Described d = describe(*this, in[0]);
  const math::ConvolutionShape& s = d.shape;
  Plan plan;
  Port out = in[0];
  out.features.reset();
  out.shape = d.out;
  plan.out = {out};
  const int from = transposed ? s.out_of_group() : s.in_of_group();
  const int to = transposed ? s.in_of_group() : s.out_of_group();
  const int elements = s.window.elements();
  if (static_cast<double>(elements) * std::max(from, to) > static_cast<double>(numbers_at_most))
    throw Misfit{"would have " + std::to_string(std::int64_t{elements} * std::max(from, to)) +
                     " weights for each channel, but " + std::to_string(numbers_at_most) + " is the most",
                 {"take a smaller kernel_size, or fewer channels"}};
  const Initialiser* init =
      initialiser ? initialiser.as<Initialiser>().get() : initialiser_named("he_normal");
  Parameter weight{"weight", {}, init, Role::matrix, from * elements, to * elements};
  weight.shape = {s.groups, s.window.rows.kernel, s.window.columns.kernel, s.in_of_group(), s.out_of_group()};
  weight.file = window.axes == 2 ? FileOrder::kernel : FileOrder::kernel_of_rows;
  weight.turned = transposed;
  plan.parameters.push_back(weight);
  const int channels_out = transposed ? s.in : s.out;
  if (bias)
    plan.parameters.push_back({"bias", {channels_out}, nullptr, Role::bias, from * elements, to * elements});
  plan.backward_reads_in = true;
  plan.assigns_gradients = true;
  plan.multiply_adds = std::int64_t{s.window.places()} * s.fan() * s.out;
  return plan;
}

std::unique_ptr<Pass> ConvolutionLayer::prepare(std::span<const Port> in, Batch batch, Mode mode) const {
  math::ConvolutionShape shape = describe(*this, in[0]).shape;
  shape.samples = batch.rows();
  shape.backward = mode != Mode::inference && mode != Mode::generating;
  shape.precision = batch.precision;
  return std::make_unique<ConvolutionPass>(shape, transposed, bias);
}

int ConvolutionLayer::add_to(Builder& builder, int in) const {
  return add_activation(builder, activation, Layer::add_to(builder, in));
}

}  // namespace bpnet
