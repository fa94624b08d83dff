// Products in float: C is cut into tiles, panels of a few vectors by a stretch of rows, whose borders depend
// on the shape alone; one thread computes a tile, block by block in registers.

#include "math/product.hpp"

#include <algorithm>
#include <cstdint>

#include "math/threads.hpp"
#include "product_kernels.hpp"

namespace bpnet::math {

namespace {

constexpr int depth_in_cache = 256;  // k is cut to this where operands are packed

constexpr int up(int n, int to) { return (n + to - 1) / to; }

/// `count` things in `parts` parts as equal as can be: where part i begins.
constexpr int part(int count, int parts, int i) {
  return static_cast<int>(static_cast<std::int64_t>(count) * i / parts);
}

class TiledProduct final : public Product {
 public:
  TiledProduct(const ProductShape& s, const ProductKernels& kernels) : s_(s), kernels_(kernels) {
    const int vectors = up(s.n, kernels_.width);
    panels_ = up(vectors, kernels_.vectors);
    a_row_ = s.transpose_a ? 1 : s.k;
    a_step_ = s.transpose_a ? s.m : 1;
    pack_ = s.transpose_b || (s.m >= worth_packing_rows && std::int64_t{s.n} * s.k > worth_packing_elements);
    stretches_ = up(s.m, rows_in_tile);
    depths_ = pack_ ? std::max(1, up(s.k, depth_in_cache)) : 1;
    const int depth = up(up(s.k, depths_), kernels_.width) * kernels_.width;
    const int columns = up(vectors, panels_) * kernels_.width;
    packed_ = pack_ ? static_cast<std::size_t>(depth) * static_cast<std::size_t>(columns) : 0;
    scratch_bytes = packed_ * sizeof(float) * static_cast<std::size_t>(threads());
  }

  void run(const Real* a, const Real* b, const Real* bias, Real* c, std::byte* scratch) const override {
    const double work = static_cast<double>(s_.m) * s_.n * s_.k;
    parallel(panels_ * stretches_, work, [&](std::ptrdiff_t t) {
      float* packed = reinterpret_cast<float*>(scratch) + packed_ * static_cast<std::size_t>(thread_index());
      tile(static_cast<int>(t), a, b, bias, c, packed);
    });
  }

 private:
  static constexpr int rows_in_tile = 256;
  /// From these sizes of A and B on, copying panels of B pays for itself. Measured.
  static constexpr int worth_packing_rows = 192, worth_packing_elements = 65536;

  void tile(int t, const float* a, const float* b, const float* bias, float* c, float* packed) const {
    const int vectors = up(s_.n, kernels_.width), panel = t / stretches_, stretch = t % stretches_;
    const int from = part(vectors, panels_, panel), wide = part(vectors, panels_, panel + 1) - from;
    const int column = from * kernels_.width, columns = std::min(wide * kernels_.width, s_.n - column);
    const int top = part(s_.m, stretches_, stretch), height = part(s_.m, stretches_, stretch + 1) - top;
    const int blocks = up(height, kernels_.rows[static_cast<std::size_t>(wide - 1)]);
    ProductBlock p;
    p.a_row = a_row_;
    p.a_step = a_step_;
    p.c_row = s_.n;
    p.columns = columns;
    for (int d = 0; d < depths_; ++d) {
      const std::ptrdiff_t depth = part(s_.k, depths_, d);
      p.k = part(s_.k, depths_, d + 1) - static_cast<int>(depth);
      p.add = s_.add || d > 0;
      p.bias = s_.bias && d == 0 ? bias + column : nullptr;
      if (pack_) {
        if (s_.transpose_b)
          kernels_.pack_transposed(b + std::ptrdiff_t{column} * s_.k + depth, s_.k, p.k, columns, packed);
        else
          kernels_.pack(b + depth * s_.n + column, s_.n, p.k, columns, packed);
        p.b = packed;
        p.b_step = wide * kernels_.width;
      } else {
        p.b = b + depth * s_.n + column;
        p.b_step = s_.n;
      }
      for (int i = 0; i < blocks; ++i) {
        const std::ptrdiff_t row = top + part(height, blocks, i);
        const int rows = part(height, blocks, i + 1) - part(height, blocks, i);
        p.a = a + row * a_row_ + depth * a_step_;
        p.c = c + row * s_.n + column;
        kernels_.block[wide - 1][rows - 1](p);
      }
    }
  }

  ProductShape s_;
  const ProductKernels& kernels_;
  bool pack_;                        // panels of B are copied to scratch, where they lie close together
  int panels_, stretches_, depths_;  // parts of n, m and k
  std::ptrdiff_t a_row_, a_step_;
  std::size_t packed_;  // floats of a packed panel
};

/// For a C too narrow to fill a vector: its transpose, with the vectors along the rows of C.
class NarrowProduct final : public Product {
 public:
  static bool suits(const ProductShape& s, const ProductKernels& kernels) {
    return !s.transpose_b && 2 * s.n <= kernels.width && s.m > 2 * s.n;
  }

  NarrowProduct(const ProductShape& s, const ProductKernels& kernels)
      : s_(s), kernels_(kernels), vectors_(kernels.vectors) {
    while (kernels_.rows[static_cast<std::size_t>(vectors_ - 1)] < s.n) --vectors_;
    vectors_ = std::min(vectors_, up(s.m, kernels_.width));
    packed_ = s.transpose_a ? 0 : static_cast<std::size_t>(depth_in_cache * vectors_ * kernels_.width);
    scratch_bytes = packed_ * sizeof(float) * static_cast<std::size_t>(threads());
  }

  void run(const Real* a, const Real* b, const Real* bias, Real* c, std::byte* scratch) const override {
    const int most = vectors_ * kernels_.width;
    parallel(up(s_.m, most), static_cast<double>(s_.m) * s_.n * s_.k, [&](std::ptrdiff_t t) {
      float* packed = reinterpret_cast<float*>(scratch) + packed_ * static_cast<std::size_t>(thread_index());
      const int from = static_cast<int>(t) * most;
      tile(a, b, bias, from, std::min(most, s_.m - from), c + std::ptrdiff_t{from} * s_.n, packed);
    });
  }

 private:
  static constexpr int widest = 64;  // floats in the vectors of a block

  void tile(const float* a, const float* b, const float* bias, int from, int columns, float* c,
            float* packed) const {
    alignas(64) float rows[ProductKernels::most_rows][widest];
    const int vectors = up(columns, kernels_.width);
    const auto block = kernels_.block[vectors - 1][s_.n - 1];
    ProductBlock p = {b, 1, s_.n, a + from, s_.m, rows[0], widest, s_.k, columns, false, nullptr};
    if (s_.transpose_a) block(p);
    for (int k = 0; !s_.transpose_a && k < s_.k; k += depth_in_cache) {
      p.a = b + std::ptrdiff_t{k} * s_.n;
      p.k = std::min(depth_in_cache, s_.k - k);
      p.add = k > 0;
      kernels_.pack_transposed(a + std::ptrdiff_t{from} * s_.k + k, s_.k, p.k, columns, packed);
      p.b = packed;
      p.b_step = vectors * kernels_.width;
      block(p);
    }
    for (int i = 0; i < columns; ++i)
      for (int j = 0; j < s_.n; ++j, ++c) *c = rows[j][i] + (s_.add ? *c : s_.bias ? bias[j] : 0);
  }

  ProductShape s_;
  const ProductKernels& kernels_;
  int vectors_;
  std::size_t packed_;  // floats of a packed stretch of A
};

}  // namespace

std::span<const ProductKernels* const> usable_product_kernels() {
#if defined(__x86_64__)
  static constexpr const ProductKernels* all[] = {&product_kernels_v4, &product_kernels_v3,
                                                  &product_kernels_baseline};
  const std::span<const ProductKernels* const> tables = all;
  return tables.subspan(__builtin_cpu_supports("x86-64-v4")   ? 0
                        : __builtin_cpu_supports("x86-64-v3") ? 1
                                                              : 2);
#else
  static constexpr const ProductKernels* all[] = {&product_kernels_baseline};
  return all;
#endif
}

std::unique_ptr<Product> prepare_product(const ProductShape& shape, const ProductKernels& kernels) {
  if (NarrowProduct::suits(shape, kernels)) return std::make_unique<NarrowProduct>(shape, kernels);
  return std::make_unique<TiledProduct>(shape, kernels);
}

std::unique_ptr<Product> prepare_product(const ProductShape& shape) {
  return prepare_product(shape, *usable_product_kernels().front());
}

}  // namespace bpnet::math
