#include "layers/memory_dense.hpp"

namespace bpnet {

namespace {

class FirstCallPass final : public Pass {
 public:
  explicit FirstCallPass(std::unique_ptr<Pass> inner) : inner_(std::move(inner)) {
    scratch_bytes = inner_->scratch_bytes;
  }
  void forward(const Lent& lent) override {
    if (lent.position == 0) inner_->forward(lent);
  }
  void backward(const Lent&) override {}  // generating never goes back

 private:
  std::unique_ptr<Pass> inner_;
};

}  // namespace

std::unique_ptr<Pass> MemoryDense::prepare(std::span<const Port> in, Batch batch, Mode mode) const {
  auto pass = dense.prepare(in, batch, mode);
  if (mode != Mode::generating) return pass;
  return std::make_unique<FirstCallPass>(std::move(pass));
}

}  // namespace bpnet
