#include <algorithm>

#include "augmentations/share.hpp"
#include "spec/table.hpp"

namespace bpnet::augmentation_entries {

namespace {

/// Zhang, Cisse, Dauphin, Lopez-Paz 2018, on pairs: of the two mixtures of a pair, each picture stands in the
/// one that is more its own.
struct Mixup final : Mixing {
  double alpha = 0.2;

  void visit(Visitor& v) override {
    v("alpha", alpha, between(0.001, 1000),
      "shares come from Beta(alpha, alpha): below 1 most pictures are nearly whole, 1 makes all shares "
      "alike");
  }
  double mix(Real* a, Real* b, const Shape& shape, const Chance& chance) const override {
    const double drawn = mixing_share(alpha, chance, 0), own = std::max(drawn, 1 - drawn);
    const auto more = static_cast<Real>(own), less = static_cast<Real>(1 - own);
    for (std::size_t i = 0; i < shape.elements(); ++i) {
      const Real x = a[i], y = b[i];
      a[i] = more * x + less * y;
      b[i] = more * y + less * x;
    }
    return own;
  }
};

}  // namespace

extern const Entry mixup = {
    "mixup", "two pictures shine through each other, and their targets count by their shares",
    "MixUp", "mixup: 0.2",
    "5x7x3", make<Mixup>};

}  // namespace bpnet::augmentation_entries
