// Products in float, and of operands rounded to bfloat16: C is cut into tiles, panels of a few vectors by a
// stretch of rows, whose borders depend on the shape alone; one thread computes a tile, block by block in
// registers.

#include "math/product.hpp"

#include <algorithm>
#include <cassert>
#include <cstdint>

#include "math/shards.hpp"
#include "math/threads.hpp"
#include "product_kernels.hpp"

namespace bpnet::math {

namespace {

constexpr int depth_in_cache = 256;  // elements; k is cut to this where operands are packed

constexpr int up(int n, int to) { return (n + to - 1) / to; }

class TiledProduct final : public Product {
 public:
  TiledProduct(const ProductShape& s, const ProductKernels& kernels)
      : s_(s), kernels_(kernels), rounds_(kernels.depth > 1) {
    const int vectors = up(s.n, kernels_.width), elements = up(s.k, kernels_.depth);
    panels_ = up(vectors, kernels_.vectors);
    // So many that two threads, or four, each have the same number.
    if (panels_ > 3) panels_ = panels_ < 8 ? up(panels_, 2) * 2 : up(panels_, 4) * 4;
    stretches_ = up(s.m, rows_in_tile);
    pack_rows_ = rounds_ || (s.transpose_a && s.m >= far_apart);
    groups_ = panels_;
    if (pack_rows_ || (s.transpose_a && elements > depth_in_cache))
      groups_ = up(panels_, std::clamp(panels_ * stretches_ / (2 * threads()), 1, most_panels));
    pack_ = pack_rows_ || s.transpose_b || s.packed_b || worth_packing();
    depths_ = pack_ ? std::max(1, up(elements, depth_in_cache)) : 1;
    keeps_ = depths_ > 1 && stretches_ > 1 && groups_ == panels_ && elements <= most_kept && !s.packed_b;
    // A part of a kept panel that is packed from a transpose reaches into the next part, which comes after.
    const auto part = static_cast<std::size_t>(in_vectors(up(elements, depths_)));
    const auto depth = keeps_ ? static_cast<std::size_t>(in_vectors(elements + kernels_.width - 1)) : part;
    if (s.packed_b)
      packed_elements = panel_begin(panels_) * static_cast<std::size_t>(in_vectors(elements));
    else if (pack_)
      packed_ = depth * static_cast<std::size_t>(up(vectors, panels_) * kernels_.width);
    if (pack_rows_) packed_rows_ = part * static_cast<std::size_t>(in_vectors(up(s.m, stretches_)));
    own_bytes_ = sizeof(Own) + (packed_ + packed_rows_) * sizeof(float);
    scratch_bytes = own_bytes_ * static_cast<std::size_t>(threads());
  }

  void run(const Real* a, const Real* b, const Real* bias, Real* c, std::byte* scratch) const override {
    const double work = static_cast<double>(s_.m) * s_.n * s_.k;
    const auto own = [&](int thread) {
      return reinterpret_cast<Own*>(scratch + own_bytes_ * static_cast<std::size_t>(thread));
    };
    for (int i = 0; i < threads(); ++i) own(i)->packed = -1;
    parallel(groups_ * stretches_, work,
             [&](std::ptrdiff_t t) { tile(static_cast<int>(t), a, b, bias, c, own(thread_index())); });
  }

  void pack(const Real* b, Real* out) const override {
    const auto elements = static_cast<std::size_t>(in_vectors(up(s_.k, kernels_.depth)));
    parallel(panels_, 4.0 * s_.n * s_.k, [&](std::ptrdiff_t i) {
      const auto from = static_cast<int>(panel_begin(i));
      pack_panel(b + from * (s_.transpose_b ? std::ptrdiff_t{s_.k} : 1), s_.k,
                 std::min(static_cast<int>(panel_begin(i + 1)), s_.n) - from,
                 out + static_cast<std::size_t>(from) * elements);
    });
  }

 private:
  /// The beginning of a thread's scratch; a packed panel and packed rows lie behind it.
  struct alignas(64) Own {
    int packed;  // number of the panel, or of its part
  };
  static constexpr int rows_in_tile = 256;
  /// Whether copying panels of B pays for itself: where it is large, or its rows so long that a panel's lines
  /// push each other out of the first cache. Measured; the second with vectors of 4 and 8 floats alone.
  bool worth_packing() const {
    const bool large = std::int64_t{s_.n} * s_.k >= 65536;
    return kernels_.width >= 16 ? s_.m >= 192 && large : s_.m >= 24 && (s_.n >= 128 || large);
  }
  /// Rows of a transposed A that are so long each have a page of memory to themselves. Measured.
  static constexpr int far_apart = 1024;
  /// Where rows of A are copied, or come anew for each stretch of k, panels share them: as many to a tile as
  /// leave two tiles for a thread. Which panels share a tile changes no sum.
  static constexpr int most_panels = 4;

  /// A panel is kept whole, for its next stretch, if k has no more elements: it stays in the second cache.
  static constexpr int most_kept = 2048;

  int in_vectors(int n) const { return up(n, kernels_.width) * kernels_.width; }
  /// The first column of a panel; of the one behind the last: columns in whole vectors.
  std::size_t panel_begin(std::ptrdiff_t i) const {
    return static_cast<std::size_t>(part_begin(up(s_.n, kernels_.width), panels_, i) * kernels_.width);
  }
  void pack_panel(const float* b, int k, int columns, float* out) const {
    if (s_.transpose_b)
      kernels_.pack_transposed(b, s_.k, k, columns, out);
    else
      kernels_.pack(b, s_.n, k, columns, out);
  }

  void tile(int t, const float* a, const float* b, const float* bias, float* c, Own* own) const {
    const int group = t / stretches_, stretch = t % stretches_, elements = up(s_.k, kernels_.depth);
    const int top = part_begin(s_.m, stretches_, stretch),
              height = part_begin(s_.m, stretches_, stretch + 1) - top;
    float* const packed = reinterpret_cast<float*>(own + 1);
    for (int d = 0; d < depths_; ++d) {
      const int depth = part_begin(elements, depths_, d) * kernels_.depth;
      const int end = std::min(part_begin(elements, depths_, d + 1) * kernels_.depth, s_.k);
      ProductBlock p;
      p.a_row = s_.transpose_a ? 1 : s_.k;
      p.a_step = s_.transpose_a ? s_.m : 1;
      p.a = a + top * p.a_row + depth * p.a_step;
      if (pack_rows_) pack_rows(end - depth, height, packed + packed_, p);
      p.k = up(end - depth, kernels_.depth);
      p.add = s_.add || d > 0;
      p.bias = s_.bias && d == 0 ? bias : nullptr;
      p.c = c + std::ptrdiff_t{top} * s_.n;
      p.c_row = s_.n;
      for (int i = part_begin(panels_, groups_, group); i < part_begin(panels_, groups_, group + 1); ++i) {
        const int number = keeps_ ? i : d * panels_ + i;
        const std::size_t begin =
            keeps_ ? (panel_begin(i + 1) - panel_begin(i)) * static_cast<std::size_t>(depth / kernels_.depth)
                   : 0;
        const bool packs = own->packed != number;
        look_ahead(packs, group, i, d, b, p);
        panel(i, height, depth, end - depth, b, !packs, packed + begin, p);
        if (!keeps_ || d + 1 == depths_) own->packed = number;
      }
    }
  }

  /// Names what the tile packs after part d of panel i, if it packs at all: the same part of the group's next
  /// panel, or the next part of its first.
  void look_ahead(bool packs, int group, int i, int d, const float* b, ProductBlock& p) const {
    p.ahead_rows = 0;
    if (!packs || !pack_ || s_.packed_b || s_.transpose_b) return;
    if (i + 1 < part_begin(panels_, groups_, group + 1)) {
      ++i;
    } else {
      i = part_begin(panels_, groups_, group);
      if (++d == depths_) return;
    }
    const int elements = up(s_.k, kernels_.depth), from = part_begin(elements, depths_, d) * kernels_.depth;
    p.ahead = b + std::ptrdiff_t{from} * s_.n + static_cast<std::ptrdiff_t>(panel_begin(i));
    p.ahead_step = s_.n;
    p.ahead_rows = std::min(part_begin(elements, depths_, d + 1) * kernels_.depth, s_.k) - from;
  }

  /// Copies `k` of `height` rows of A, rounded where that is wanted, and has the block read them there.
  void pack_rows(int k, int height, float* out, ProductBlock& p) const {
    if (s_.transpose_a)
      kernels_.pack(p.a, s_.m, k, height, out);
    else
      kernels_.pack_rows(p.a, s_.k, k, height, out);
    p.a = out;
    p.a_row = s_.transpose_a ? 1 : in_vectors(up(k, kernels_.depth));
    p.a_step = s_.transpose_a ? in_vectors(height) : 1;
  }

  /// `height` rows of one panel, and `k` of k from `depth` on. `p` is the same for all panels: it begins
  /// where they do. `is_packed`: the panel lies in `packed` already.
  void panel(int i, int height, int depth, int k, const float* b, bool is_packed, float* packed,
             ProductBlock p) const {
    const int vectors = up(s_.n, kernels_.width), from = part_begin(vectors, panels_, i);
    const int wide = part_begin(vectors, panels_, i + 1) - from, column = from * kernels_.width;
    p.columns = std::min(wide * kernels_.width, s_.n - column);
    if (p.bias) p.bias += column;
    p.b = packed;
    p.b_step = wide * kernels_.width;
    const std::ptrdiff_t b_column = s_.transpose_b ? s_.k : 1, b_row = s_.transpose_b ? 1 : s_.n;
    const float* const first = b + column * b_column + depth * b_row;
    if (s_.packed_b) {
      p.b = b + std::ptrdiff_t{column} * in_vectors(up(s_.k, kernels_.depth)) +
            depth / kernels_.depth * p.b_step;
    } else if (!pack_) {
      p.b = first;
      p.b_step = s_.n;
    } else if (!is_packed) {
      pack_panel(first, k, p.columns, packed);
    }
    p.c += column;
    multiply_panel(kernels_, wide, height, p);
  }

  ProductShape s_;
  const ProductKernels& kernels_;
  bool rounds_;     // A and B are rounded, into scratch
  bool pack_rows_;  // A is copied to scratch, rounded or not
  bool keeps_;      // whole panels stay packed for the next stretch
  bool pack_;       // panels of B are copied, or have been, to where they lie close together
  int panels_, groups_, stretches_, depths_;  // parts of n, of the panels, of m and of k
  std::size_t packed_ = 0, packed_rows_ = 0;  // floats of a packed panel, and of packed rows of A
  std::size_t own_bytes_ = 0;
};

/// For a C too narrow to fill a vector: its transpose, with the vectors along the rows of C.
class NarrowProduct final : public Product {
 public:
  static bool suits(const ProductShape& s, const ProductKernels& kernels) {
    return kernels.depth == 1 && !s.transpose_b && !s.packed_b && 2 * s.n <= kernels.width && s.m > 2 * s.n;
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
  void pack(const Real*, Real*) const override { assert(false); }

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
  assert(shape.precision == Precision::float32 || has_bfloat16());
#if defined(__x86_64__)
  if (shape.precision == Precision::bfloat16) return prepare_product(shape, product_kernels_bfloat16);
#endif
  return prepare_product(shape, *usable_product_kernels().front());
}

bool has_bfloat16() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("x86-64-v4") && __builtin_cpu_supports("avx512bf16");
#else
  return false;
#endif
}

}  // namespace bpnet::math
