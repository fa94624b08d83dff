#include "layers/norm.hpp"
#include "math/response_norm.hpp"

namespace bpnet::layer_entries {

namespace {

class ResponseNormPass final : public Pass {
 public:
  explicit ResponseNormPass(const math::ResponseNorm& shape) : shape_(shape) {}
  void forward(const Lent& lent) override {
    math::response_norm(shape_, lent.in[0].reals(), lent.out[0].reals());
  }
  void backward(const Lent& lent) override {
    if (lent.din[0])
      math::response_norm_backward(shape_, lent.in[0].reals(), lent.dout[0].reals(), lent.din[0].reals());
  }

 private:
  math::ResponseNorm shape_;
};

struct LocalResponseNorm final : Layer {
  std::int64_t size = 5;
  double alpha = 1e-4, beta = 0.75, bias = 1;

  bool learns() const override { return false; }
  void visit(Visitor& v) override {
    v("size", size, between(1, 1 << 12), "channels that a channel is measured by");
    v("alpha", alpha, at_least(0), "factor of their mean square");
    v("beta", beta, above(0), "power it is raised to");
    v("bias", bias, above(0), "added before");
  }
  Plan plan(std::span<const Port> in) const override { return norm_plan(in[0], false, false); }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode) const override {
    const auto [rows, channels] = norm_rows(in[0], batch);
    return std::make_unique<ResponseNormPass>(
        math::ResponseNorm{rows, channels, static_cast<int>(size), static_cast<Real>(alpha),
                           static_cast<Real>(beta), static_cast<Real>(bias)});
  }
};

}  // namespace

extern const Entry local_response_norm = {"local_response_norm",
                                          "divides each channel by the size of the channels around it",
                                          "LocalResponseNorm lrn LRN",
                                          "local_response_norm: {size: 3, alpha: 0.5}",
                                          "2x2x5",
                                          make<LocalResponseNorm>};

}  // namespace bpnet::layer_entries
