// Products for every processor: vectors of 4 floats, which the compiler turns into what there is.

#include <cstring>

#include "product_kernel.hpp"

namespace bpnet::math {

namespace {
struct Lanes {
  using V = float __attribute__((vector_size(16)));
  using Index = int __attribute__((vector_size(16)));
  static constexpr int width = 4;
  static V all(float x) { return V{x, x, x, x}; }
  static V load(const float* p) {
    V v;
    std::memcpy(&v, p, sizeof v);
    return v;
  }
  static V load_first(const float* p, int n) {
    V v{};
    for (int i = 0; i < n; ++i) v[i] = p[i];
    return v;
  }
  static void store(float* p, V v) { std::memcpy(p, &v, sizeof v); }
  static void store_first(float* p, V v, int n) {
    for (int i = 0; i < n; ++i) p[i] = v[i];
  }
};
}  // namespace

constinit const ProductKernels product_kernels_baseline = product_kernels<Lanes, 12, 6, 4>();

}  // namespace bpnet::math
