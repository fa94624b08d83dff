// Convolutions as products: tiles of windows are laid out as rows of a matrix in a thread's own memory.

#include <algorithm>

#include "math/convolution.hpp"
#include "math/elements.hpp"
#include "math/patches.hpp"
#include "math/shards.hpp"
#include "math/threads.hpp"
#include "math/tile_products.hpp"

namespace bpnet::math {

namespace {

class PatchConvolution final : public Convolution {
 public:
  explicit PatchConvolution(const ConvolutionShape& s)
      : s_(s),
        places_(s.window.places()),
        direct_(is_direct(s)),
        all_(tiles_of(s.samples * places_)),
        one_(tiles_of(places_)),
        weights_(static_cast<std::size_t>(s.fan()) * static_cast<std::size_t>(s.out)),
        shards_(s.backward ? shards_for(weights_, all_.count) : 0),
        forward_(all_.rows, [&](int rows) { return forward_shape(rows, true); }),
        forward_plain_(all_.rows, [&](int rows) { return forward_shape(rows, false); }),
        input_(one_.rows,
               [&](int rows) {
                 return ProductShape{rows, s.fan(), s.out_of_group(), false, true, false, false, s.precision};
               }),
        weight_(all_.rows, [&](int rows) { return weight_shape(rows, false); }),
        weight_add_(all_.rows, [&](int rows) { return weight_shape(rows, true); }) {
    for (const TileProducts* p : {&forward_, &forward_plain_, &input_, &weight_, &weight_add_})
      products_ = std::max(products_, up(p->scratch_bytes()));
    const auto rows = static_cast<std::size_t>(std::max(all_.rows, one_.rows)) + 1;
    patches_ = up((rows * static_cast<std::size_t>(s.fan()) + slack) * sizeof(Real));
    narrow_ =
        s.groups == 1 ? 0 : up((rows * static_cast<std::size_t>(s.out_of_group()) + slack) * sizeof(Real));
    own_ = patches_ + narrow_;
    scratch_bytes = products_ + own_ * static_cast<std::size_t>(threads()) +
                    static_cast<std::size_t>(shards_) * shard_stride() * sizeof(Real);
  }

  void forward(const Real* x, const Real* w, const Real* bias, Real* y, std::byte* scratch) const override {
    parallel(all_.count, work(), [&](std::ptrdiff_t t) {
      const int first = part_begin(all_.places, all_.count, t);
      const int rows = part_begin(all_.places, all_.count, t + 1) - first;
      const Product& product = (bias ? forward_ : forward_plain_).of(rows);
      const int out = s_.out_of_group();
      for (int g = 0; g < s_.groups; ++g) {
        const Real* patches = patches_at(x, first, rows, g, scratch);
        Real* to = s_.groups == 1 ? y + std::ptrdiff_t{first} * s_.out : narrow(scratch);
        product.run(patches, w + weights_of(g), bias ? bias + g * out : nullptr, to, scratch);
        if (s_.groups > 1)
          copy_columns(to, rows, out, 0, y + std::ptrdiff_t{first} * s_.out, s_.out, g * out, out);
      }
    });
  }

  void backward_input(const Real* dy, const Real* w, Real* dx, std::byte* scratch) const override {
    const auto pixels = static_cast<std::size_t>(s_.window.pixels()) * static_cast<std::size_t>(s_.in);
    parallel(s_.samples, work(), [&](std::ptrdiff_t sample) {
      if (!direct_) fill(0, pixels, dx + static_cast<std::size_t>(sample) * pixels);
      for (int t = 0; t < one_.count; ++t) {
        const int begin = part_begin(places_, one_.count, t);
        const int rows = part_begin(places_, one_.count, t + 1) - begin;
        const int first = static_cast<int>(sample) * places_ + begin;
        for (int g = 0; g < s_.groups; ++g) {
          const Real* from = gradients_at(dy, first, rows, g, scratch);
          Real* patches = direct_ ? dx + std::ptrdiff_t{first} * s_.in : own_patches(scratch);
          input_.of(rows).run(from, w + weights_of(g), nullptr, patches, scratch);
          if (!direct_) add_patches(s_, patches, first, rows, g, dx);
        }
      }
    });
  }

  void backward_weight(const Real* x, const Real* dy, bool add, Real* dw, std::byte* scratch) const override {
    Real* sums = reinterpret_cast<Real*>(scratch + products_ + own_ * static_cast<std::size_t>(threads()));
    parallel(shards_, work(), [&](std::ptrdiff_t shard) {
      Real* sum = sums + static_cast<std::size_t>(shard) * shard_stride();
      const int begin = part_begin(all_.count, shards_, shard),
                end = part_begin(all_.count, shards_, shard + 1);
      for (int t = begin; t < end; ++t) {
        const int first = part_begin(all_.places, all_.count, t);
        const int rows = part_begin(all_.places, all_.count, t + 1) - first;
        for (int g = 0; g < s_.groups; ++g) {
          const Real* from = gradients_at(dy, first, rows, g, scratch);
          const Real* patches = patches_at(x, first, rows, g, scratch);
          (t == begin ? weight_ : weight_add_)
              .of(rows)
              .run(patches, from, nullptr, sum + weights_of(g), scratch);
        }
      }
    });
    sum_shards(sums, shards_, shard_stride(), weights_, add, dw);
  }

 private:
  static constexpr std::size_t slack = 64;  // elements behind what is laid out
  struct Tiles {
    int places, count, rows;  // rows: of the lower tiles
  };
  ProductShape forward_shape(int rows, bool bias) const {
    return {rows, s_.out_of_group(), s_.fan(), false, false, false, bias, s_.precision};
  }
  ProductShape weight_shape(int rows, bool add) const {
    return {s_.fan(), s_.out_of_group(), rows, true, false, add, false, s_.precision};
  }
  static std::size_t up(std::size_t bytes) { return (bytes + 63) / 64 * 64; }
  static bool is_direct(const ConvolutionShape& s) {
    const auto plain = [](const Slide& a) {
      return a.kernel == 1 && a.stride == 1 && a.before == 0 && a.after == 0;
    };
    return s.groups == 1 && plain(s.window.rows) && plain(s.window.columns);
  }
  Tiles tiles_of(int places) const {
    constexpr int elements = 65536;               // of a tile's patches: what stays in the cache of a core
    const int most = s_.fan() <= 64 ? 128 : 512;  // small windows: in its first cache, with their gradients
    const int rows = std::clamp(elements / s_.fan(), 48, most);
    const int count = std::max(1, (places + rows - 1) / rows);
    return {places, count, places / count};
  }
  double work() const { return static_cast<double>(s_.samples) * places_ * static_cast<double>(weights_); }
  std::size_t shard_stride() const { return (weights_ + 15) / 16 * 16 + 16; }
  std::size_t weights_of(int g) const {
    return static_cast<std::size_t>(g) * static_cast<std::size_t>(s_.fan()) *
           static_cast<std::size_t>(s_.out_of_group());
  }
  std::byte* own(std::byte* scratch) const {
    return scratch + products_ + own_ * static_cast<std::size_t>(thread_index());
  }
  Real* own_patches(std::byte* scratch) const { return reinterpret_cast<Real*>(own(scratch)); }
  Real* narrow(std::byte* scratch) const { return reinterpret_cast<Real*>(own(scratch) + patches_); }
  const Real* patches_at(const Real* x, int first, int rows, int g, std::byte* scratch) const {
    if (direct_) return x + std::ptrdiff_t{first} * s_.in;
    Real* to = own_patches(scratch);
    lay_out_patches(s_, x, first, rows, g, to);
    return to;
  }
  const Real* gradients_at(const Real* dy, int first, int rows, int g, std::byte* scratch) const {
    const Real* from = dy + std::ptrdiff_t{first} * s_.out;
    if (s_.groups == 1) return from;
    const int out = s_.out_of_group();
    copy_columns(from, rows, s_.out, g * out, narrow(scratch), out, 0, out);
    return narrow(scratch);
  }

  ConvolutionShape s_;
  int places_;       // of a sample's windows
  bool direct_;      // each window is one pixel: nothing to lay out
  Tiles all_, one_;  // of all samples' places, and of one's
  std::size_t weights_;
  int shards_;
  TileProducts forward_, forward_plain_, input_, weight_, weight_add_;
  std::size_t products_ = 0, patches_ = 0, narrow_ = 0, own_ = 0;  // bytes of scratch
};

}  // namespace

std::unique_ptr<Convolution> prepare_patch_convolution(const ConvolutionShape& shape) {
  return std::make_unique<PatchConvolution>(shape);
}

}  // namespace bpnet::math
