#include "layers/window.hpp"
#include "math/resample.hpp"

namespace bpnet::layer_entries {

namespace {

enum class Method : std::uint8_t { nearest, bilinear };
constexpr const char* method_words[] = {"nearest", "bilinear"};

class UpsamplePass final : public Pass {
 public:
  explicit UpsamplePass(const math::UpsampleShape& shape) : shape_(shape) {}
  void forward(const Lent& lent) override { math::upsample(shape_, lent.in[0].reals(), lent.out[0].reals()); }
  void backward(const Lent& lent) override {
    if (lent.din[0]) math::upsample_backward(shape_, lent.dout[0].reals(), lent.din[0].reals());
  }

 private:
  math::UpsampleShape shape_;
};

struct Upsample final : Layer {
  std::vector<std::int64_t> factor = {2};
  Method method = Method::nearest;

  bool learns() const override { return false; }
  void visit(Visitor& v) override {
    v("factor", factor, between(1, 1 << 10), "how many times as many rows and columns, or one for each");
    v("method", method, method_words, "how new pixels come from old ones");
  }
  Plan plan(std::span<const Port> in) const override {
    require_image(in[0]);
    if (factor.empty() || factor.size() > 2)
      throw Misfit{"factor is one number, or one of rows and one of columns", {}};
    Plan plan;
    plan.out = {in[0]};
    plan.out[0].shape[0] = size_of_axis(in[0].shape[0] * factor.front());
    plan.out[0].shape[1] = size_of_axis(in[0].shape[1] * factor.back());
    return plan;
  }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode) const override {
    const Shape& s = in[0].shape;
    return std::make_unique<UpsamplePass>(
        math::UpsampleShape{batch.rows(), s[0], s[1], s[2], static_cast<int>(factor.front()),
                            static_cast<int>(factor.back()), method == Method::bilinear});
  }
};

}  // namespace

extern const Entry upsample = {
    "upsample",
    "more rows and columns, by copies of pixels or lines between them",
    "Upsample UpSampling2D interpolate resize UpsamplingNearest2d UpsamplingBilinear2d UpSampling1D",
    "upsample: {factor: 2, method: bilinear}",
    "3x2x2",
    make<Upsample>};

}  // namespace bpnet::layer_entries
