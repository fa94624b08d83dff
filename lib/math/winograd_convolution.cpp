// 3x3 convolutions by Winograd's F(4x4, 3x3): tiles in groups small enough that what is transformed stays in
// cache. Few channels: each thread takes whole groups. Many: the threads share each group, so that the large
// transformed weights are read once.

#include <algorithm>

#include "math/convolution.hpp"
#include "math/shards.hpp"
#include "math/threads.hpp"
#include "math/tile_products.hpp"
#include "math/winograd.hpp"

namespace bpnet::math {

namespace {

using winograd::planes, winograd::Tiling;

/// Tiles cut into groups for inputs and outputs of so many channels.
struct Groups {
  Tiling tiling;
  int in, out;  // channels
  int tiles, count, low;
  Groups(const Tiling& t, int samples, int ins, int outs, bool shared) : tiling(t), in(ins), out(outs) {
    const int per_plane = (shared ? 4 << 20 : 150000) / (planes * (in + out));
    const int most = shared ? std::clamp(per_plane, 64, 512) : std::clamp(per_plane, 32, 96);
    tiles = samples * t.tiles();
    count = (tiles + most - 1) / most;
    low = tiles / count;
  }
  int begin(std::ptrdiff_t i) const { return part_begin(tiles, count, i); }
};

class WinogradConvolution final : public Convolution {
 public:
  explicit WinogradConvolution(const ConvolutionShape& s)
      : s_(s),
        shared_(s.in * s.out >= 128 * 128),
        ahead_(tiling(s.window, false), s.samples, s.in, s.out, shared_),
        back_(tiling(s.window, true), s.samples, s.out, s.in, shared_),
        weights_(plane_of(s.in, s.out)),
        shards_(shared_ ? 1 : std::clamp(ahead_.count, 1, 4)),
        forward_(ahead_.low,
                 [&](int tiles) {
                   return ProductShape{tiles, s.out, s.in};
                 }),
        input_(back_.low,
               [&](int tiles) {
                 return ProductShape{tiles, s.in, s.out, false, true};
               }),
        weight_(ahead_.low,
                [&](int tiles) {
                  return ProductShape{s.in, s.out, tiles, true, false};
                }),
        weight_add_(ahead_.low,
                    [&](int tiles) { return ProductShape{s.in, s.out, tiles, true, false, true}; }) {
    for (const TileProducts* p : {&forward_, &input_, &weight_, &weight_add_})
      products_ = std::max(products_, (p->scratch_bytes() + 63) / 64 * 64);
    const int most = std::max(ahead_.low, back_.low) + 1;
    in_plane_ = plane_of(most, s.in);
    out_plane_ = plane_of(most, s.out);
    own_ = planes * (in_plane_ + out_plane_) * sizeof(Real);
    scratch_bytes = products_ + own_ * static_cast<std::size_t>(shared_ ? 1 : threads()) +
                    planes * weights_ * static_cast<std::size_t>(shards_) * sizeof(Real);
  }

  void forward(const Real* x, const Real* w, const Real* bias, Real* y, std::byte* scratch) const override {
    transform(w, false, scratch);
    each_group(ahead_.count, [&](std::ptrdiff_t g) {
      Real *in = own(scratch), *out = in + planes * in_plane_;
      const int first = ahead_.begin(g), count = ahead_.begin(g + 1) - first;
      each_chunk(count, s_.in, [&](int begin, int tiles) {
        winograd::transform_inputs(ahead_.tiling, x, s_.in, first + begin, tiles,
                                   in + std::ptrdiff_t{begin} * s_.in, in_plane_);
      });
      each_plane(count, [&](std::size_t p) {
        forward_.of(count).run(in + p * in_plane_, kernels(scratch) + p * weights_, nullptr,
                               out + p * out_plane_, scratch);
      });
      each_chunk(count, s_.out, [&](int begin, int tiles) {
        winograd::transform_outputs(ahead_.tiling, out + std::ptrdiff_t{begin} * s_.out, out_plane_, bias,
                                    s_.out, first + begin, tiles, y);
      });
    });
  }

  void backward_input(const Real* dy, const Real* w, Real* dx, std::byte* scratch) const override {
    transform(w, true, scratch);
    each_group(back_.count, [&](std::ptrdiff_t g) {
      Real *in = own(scratch), *out = in + planes * in_plane_;
      const int first = back_.begin(g), count = back_.begin(g + 1) - first;
      each_chunk(count, s_.out, [&](int begin, int tiles) {
        winograd::transform_inputs(back_.tiling, dy, s_.out, first + begin, tiles,
                                   out + std::ptrdiff_t{begin} * s_.out, out_plane_);
      });
      each_plane(count, [&](std::size_t p) {
        input_.of(count).run(out + p * out_plane_, kernels(scratch) + p * weights_, nullptr,
                             in + p * in_plane_, scratch);
      });
      each_chunk(count, s_.in, [&](int begin, int tiles) {
        winograd::transform_outputs(back_.tiling, in + std::ptrdiff_t{begin} * s_.in, in_plane_, nullptr,
                                    s_.in, first + begin, tiles, dx);
      });
    });
  }

  void backward_weight(const Real* x, const Real* dy, bool add, Real* dw, std::byte* scratch) const override {
    const std::size_t shard_size = planes * weights_;
    each_group(shards_, [&](std::ptrdiff_t shard) {
      Real *in = own(scratch), *out = in + planes * in_plane_;
      Real* sums = kernels(scratch) + static_cast<std::size_t>(shard) * shard_size;
      const int begin_group = part_begin(ahead_.count, shards_, shard);
      for (int g = begin_group; g < part_begin(ahead_.count, shards_, shard + 1); ++g) {
        const int first = ahead_.begin(g), count = ahead_.begin(g + 1) - first;
        each_chunk(count, s_.in + s_.out, [&](int begin, int tiles) {
          winograd::transform_inputs(ahead_.tiling, x, s_.in, first + begin, tiles,
                                     in + std::ptrdiff_t{begin} * s_.in, in_plane_);
          winograd::transform_gradients(ahead_.tiling, dy, s_.out, first + begin, tiles,
                                        out + std::ptrdiff_t{begin} * s_.out, out_plane_);
        });
        each_plane(count, [&](std::size_t p) {
          (g == begin_group ? weight_ : weight_add_)
              .of(count)
              .run(in + p * in_plane_, out + p * out_plane_, nullptr, sums + p * weights_, scratch);
        });
      }
    });
    parallel(s_.in, 100.0 * s_.in * s_.out, [&](std::ptrdiff_t i) {
      winograd::weight_gradients(kernels(scratch), weights_, shards_, shard_size, s_.in, s_.out,
                                 static_cast<int>(i), add, dw);
    });
  }

 private:
  /// A plane of (rows, channels), padded so that planes do not all fall on the same lines of the cache.
  static std::size_t plane_of(int rows, int channels) {
    return (static_cast<std::size_t>(rows) * static_cast<std::size_t>(channels) + 15) / 16 * 16 + 16;
  }
  /// Back: what is transformed are gradients of the outputs, what comes out those of the inputs.
  static Tiling tiling(const Window& w, bool back) {
    const int rows = w.rows.places(), columns = w.columns.places();
    if (!back) return {w.rows.size, w.columns.size, rows, columns, w.rows.before, w.columns.before};
    return {rows, columns, w.rows.size, w.columns.size, 2 - w.rows.before, 2 - w.columns.before};
  }
  template <class F>
  void each_group(int count, F f) const {
    if (!shared_) return parallel(count, 1e9, f);
    for (int g = 0; g < count; ++g) f(g);
  }
  /// f(first, tiles) for stretches of a group's tiles; alone in a group of its own.
  template <class F>
  void each_chunk(int count, int channels, F f) const {
    if (!shared_) return f(0, count);
    constexpr int chunk = 4;
    parallel((count + chunk - 1) / chunk, 36.0 * count * channels, [&](std::ptrdiff_t i) {
      const int begin = static_cast<int>(i) * chunk;
      f(begin, std::min(chunk, count - begin));
    });
  }
  template <class F>
  void each_plane(int count, F f) const {
    parallel(planes, static_cast<double>(planes) * count * s_.in * s_.out,
             [&](std::ptrdiff_t p) { f(static_cast<std::size_t>(p)); });
  }
  void transform(const Real* w, bool flipped, std::byte* scratch) const {
    parallel(s_.in, 40.0 * s_.in * s_.out, [&](std::ptrdiff_t i) {
      winograd::transform_weights(w, s_.in, s_.out, static_cast<int>(i), flipped, kernels(scratch), weights_);
    });
  }
  Real* kernels(std::byte* scratch) const { return reinterpret_cast<Real*>(scratch + products_); }
  Real* own(std::byte* scratch) const {
    const std::size_t kernels_bytes = planes * weights_ * static_cast<std::size_t>(shards_) * sizeof(Real);
    return reinterpret_cast<Real*>(scratch + products_ + kernels_bytes +
                                   own_ * static_cast<std::size_t>(shared_ ? 0 : thread_index()));
  }

  ConvolutionShape s_;
  bool shared_;  // threads share each group
  Groups ahead_, back_;
  std::size_t weights_;  // of a plane of kernels
  int shards_;
  TileProducts forward_, input_, weight_, weight_add_;
  std::size_t products_ = 0, in_plane_ = 0, out_plane_ = 0, own_ = 0;
};

}  // namespace

bool suits_winograd(const ConvolutionShape& s) {
  const auto plain = [](const Slide& a) {
    return a.kernel == 3 && a.stride == 1 && a.dilation == 1 && a.before <= 2 && a.after <= 2;
  };
  return plain(s.window.rows) && plain(s.window.columns) && s.groups == 1;
}

std::unique_ptr<Convolution> prepare_winograd_convolution(const ConvolutionShape& shape) {
  return std::make_unique<WinogradConvolution>(shape);
}

}  // namespace bpnet::math
