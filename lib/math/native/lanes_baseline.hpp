#pragma once
// A vector of 4 floats, for every processor: the compiler turns it into what there is. Each file that
// includes this one has it for itself.

#include <cstring>

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

}  // namespace bpnet::math
