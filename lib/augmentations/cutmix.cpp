#include <algorithm>
#include <cmath>

#include "augmentations/share.hpp"
#include "spec/table.hpp"

namespace bpnet::augmentation_entries {

namespace {

/// Yun, Han, Oh, Chun, Choe, Yoo 2019, on pairs: what lies in a box changes places, or what lies outside if
/// that is less.
struct Cutmix final : Mixing {
  double alpha = 1;

  void visit(Visitor& v) override {
    v("alpha", alpha, between(0.001, 1000), "the box's share of the area comes from Beta(alpha, alpha)");
  }
  double mix(Real* a, Real* b, const Shape& shape, const Chance& chance) const override {
    const double side = std::sqrt(mixing_share(alpha, chance, 8));
    const Stretch rows = range(chance.uniform(0), side, shape[0]);
    const Stretch columns = range(chance.uniform(1), side, shape[1]);
    const int inside = rows.size() * columns.size(), all = shape[0] * shape[1];
    const bool box = 2 * inside <= all;
    const auto exchange = [&](int y, Stretch x) {
      const std::ptrdiff_t at = (static_cast<std::ptrdiff_t>(y) * shape[1] + x.begin) * shape[2];
      std::swap_ranges(a + at, a + at + static_cast<std::ptrdiff_t>(x.size()) * shape[2], b + at);
    };
    for (int y = 0; y < shape[0]; ++y) {
      const Stretch here = y >= rows.begin && y < rows.end ? columns : Stretch{0, 0};
      if (box) {
        exchange(y, here);
      } else {
        exchange(y, {0, here.begin});
        exchange(y, {here.end, shape[1]});
      }
    }
    return 1 - static_cast<double>(box ? inside : all - inside) / all;
  }

 private:
  struct Stretch {
    int begin, end;
    int size() const { return end - begin; }
  };
  /// Of an axis of n pixels: `share` of it about a centre anywhere, as far as it lies inside.
  static Stretch range(float centre, double share, int n) {
    const int middle = static_cast<int>(centre * static_cast<float>(n));
    const int size = static_cast<int>(std::lround(share * n));
    return {std::max(0, middle - size / 2), std::min(n, middle - size / 2 + size)};
  }
};

}  // namespace

extern const Entry cutmix = {
    "cutmix", "two pictures exchange a box, and their targets count by their shares of the area",
    "CutMix", "cutmix: 1",
    "5x7x3",  make<Cutmix>};

}  // namespace bpnet::augmentation_entries
