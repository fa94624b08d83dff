#include <cmath>

#include "layers/window.hpp"
#include "math/convolution.hpp"
#include "math/eigenvectors.hpp"
#include "math/elements.hpp"
#include "math/patches.hpp"

namespace bpnet::layer_entries {

namespace {

class WhiteningPass final : public Pass {
 public:
  WhiteningPass(const math::ConvolutionShape& shape, bool bias)
      : shape_(shape), bias_(bias), convolution_(math::prepare_convolution(shape)) {
    scratch_bytes = convolution_->scratch_bytes;
  }
  void forward(const Lent& lent) override {
    convolution_->forward(lent.in[0].reals(), lent.buffers[0], bias_ ? lent.parameters[0] : nullptr,
                          lent.out[0].reals(), lent.scratch);
  }
  void backward(const Lent& lent) override {
    if (bias_ && lent.gradients[0])
      math::add_column_sums(lent.dout[0].reals(), shape_.samples * shape_.window.places(), shape_.out,
                            lent.gradients[0]);
    if (lent.din[0])
      convolution_->backward_input(lent.dout[0].reals(), lent.buffers[0], lent.din[0].reals(), lent.scratch);
  }

 private:
  math::ConvolutionShape shape_;
  bool bias_;
  std::unique_ptr<math::Convolution> convolution_;
};

/// Second moments (fan, fan) of all windows of the images.
std::vector<double> moments_of_windows(const math::ConvolutionShape& s, const Real* x) {
  const int fan = s.fan(), places = s.samples * s.window.places();
  std::vector<double> sums(static_cast<std::size_t>(fan) * static_cast<std::size_t>(fan), 0.0);
  std::vector<Real> patch(static_cast<std::size_t>(fan) + 64);
  for (int i = 0; i < places; ++i) {
    math::lay_out_patches(s, x, i, 1, 0, patch.data());
    double* sum = sums.data();
    for (int a = 0; a < fan; ++a)
      for (int b = 0; b < fan; ++b)
        *sum++ +=
            static_cast<double>(patch[static_cast<std::size_t>(a)] * patch[static_cast<std::size_t>(b)]);
  }
  for (double& sum : sums) sum /= places;
  return sums;
}

/// A convolution whose fixed weights are the principal directions of the training images' windows, scaled to
/// deviation 1, and their negatives (Jordan 2024, after Page 2019).
struct Whitening final : Layer {
  WindowOptions window;
  double epsilon = 5e-4;
  bool bias = true;

  Whitening() { window.kernel = {2}; }
  void visit(Visitor& v) override {
    v("kernel_size", window.kernel, between(1, 16), "size of the window, or its rows and columns");
    window.visit_padding(v);
    v("epsilon", epsilon, above(0), "added to each direction's variance");
    v("bias", bias, "add a learnt bias");
  }
  math::ConvolutionShape convolution_shape(const Port& in, int samples) const {
    const math::Window w = window.on(in);
    const int channels = in.shape[2];
    math::ConvolutionShape shape = {samples, w, channels,
                                    size_of_axis(std::int64_t{2} * w.elements() * channels)};
    shape.backward = false;  // the weights are fixed
    return shape;
  }
  Plan plan(std::span<const Port> in) const override {
    const math::ConvolutionShape s = convolution_shape(in[0], 1);
    Plan plan;
    plan.out = {in[0]};
    plan.out[0].shape = {s.window.rows.places(), s.window.columns.places(), s.out};
    Parameter weight{"weight", {1, s.window.rows.kernel, s.window.columns.kernel, s.in, s.out}, nullptr};
    weight.file = FileOrder::kernel;
    plan.buffers.push_back(weight);
    if (bias) plan.parameters.push_back({"bias", {s.out}, nullptr, Role::bias, s.fan(), s.out});
    plan.fits = true;
    plan.multiply_adds = std::int64_t{s.window.places()} * s.fan() * s.out;
    return plan;
  }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode) const override {
    return std::make_unique<WhiteningPass>(convolution_shape(in[0], batch.rows()), bias);
  }
  void fit(const View& in, std::span<Real* const> buffers) const override {
    const math::ConvolutionShape s = convolution_shape(in.port, in.rows());
    const int fan = s.fan();
    const math::Eigenvectors found = math::eigenvectors(moments_of_windows(s, in.reals()), fan);
    for (int k = 0; k < fan; ++k) {
      const double scale = 1 / std::sqrt(found.values[static_cast<std::size_t>(k)] + epsilon);
      for (int i = 0; i < fan; ++i) {
        const double w = scale * found.vectors[static_cast<std::size_t>(k * fan + i)];
        buffers[0][i * s.out + k] = static_cast<Real>(w);
        buffers[0][i * s.out + fan + k] = static_cast<Real>(-w);
      }
    }
  }
};

}  // namespace

extern const Entry whitening = {
    "whitening",
    "a convolution with fixed weights that make the training images' windows uncorrelated",
    "whiten ZCA PCA whitening_conv",
    "whitening: {kernel_size: [1, 2]}",
    "4x3x2",
    make<Whitening>};

}  // namespace bpnet::layer_entries
