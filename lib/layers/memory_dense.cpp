#include "layers/memory_dense.hpp"

#include "math/elements.hpp"

namespace bpnet {

namespace {

class KeptPass final : public Pass {
 public:
  KeptPass(std::unique_ptr<Pass> inner, std::size_t numbers) : inner_(std::move(inner)), numbers_(numbers) {
    scratch_bytes = inner_->scratch_bytes;
    carry_bytes = numbers * sizeof(Real);
  }
  void forward(const Lent& lent) override {
    Real* const kept = reinterpret_cast<Real*>(lent.carry);
    if (lent.position == 0) {
      inner_->forward(lent);
      math::copy(lent.out[0].reals(), numbers_, kept);
    } else {
      math::copy(kept, numbers_, lent.out[0].reals());
    }
  }
  void backward(const Lent&) override {}  // generating never goes back

 private:
  std::unique_ptr<Pass> inner_;
  std::size_t numbers_;
};

}  // namespace

std::unique_ptr<Pass> MemoryDense::prepare(std::span<const Port> in, Batch batch, Mode mode) const {
  auto pass = dense.prepare(in, batch, mode);
  if (mode != Mode::generating) return pass;
  return std::make_unique<KeptPass>(
      std::move(pass), static_cast<std::size_t>(batch.rows()) * static_cast<std::size_t>(dense.units));
}

}  // namespace bpnet
