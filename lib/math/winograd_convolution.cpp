// 3x3 convolutions by Winograd's F(4x4, 3x3): tiles in groups small enough that what is transformed stays in
// cache. Few channels: each thread takes whole groups. Many: the threads share each group, so that the large
// transformed weights are read once.

#include <algorithm>

#include "math/convolution.hpp"
#include "math/image_kernels.hpp"
#include "math/shards.hpp"
#include "math/threads.hpp"
#include "math/tile_products.hpp"

namespace bpnet::math {

namespace {

using winograd::planes, winograd::Tiling;

/// A plane of (rows, channels), padded so that planes do not all fall on the same lines of the cache.
std::size_t plane_of(int rows, int channels) {
  return (static_cast<std::size_t>(rows) * static_cast<std::size_t>(channels) + 15) / 16 * 16 + 16;
}

/// Tiles cut into groups for inputs and outputs of so many channels.
struct Groups {
  Tiling tiling;
  int in, out;  // channels
  int tiles, count, low;
  std::size_t in_plane, out_plane;  // of the largest group
  Groups(const Tiling& t, int samples, int ins, int outs, bool shared) : tiling(t), in(ins), out(outs) {
    const int per_plane = (shared ? 4 << 20 : 150000) / (planes * (in + out));
    const int most = shared ? std::clamp(per_plane, 64, 512) : std::clamp(per_plane, 32, 96);
    tiles = samples * t.tiles();
    count = (tiles + most - 1) / most;
    low = tiles / count;
    in_plane = plane_of(low + 1, in);
    out_plane = plane_of(low + 1, out);
  }
  int begin(std::ptrdiff_t i) const { return part_begin(tiles, count, i); }
  std::size_t elements() const { return planes * (in_plane + out_plane); }
};

class WinogradConvolution final : public Convolution {
 public:
  WinogradConvolution(const ConvolutionShape& s, const ImageKernels& image)
      : s_(s),
        image_(image),
        shared_(s.in * s.out >= 128 * 128),
        ahead_(tiling(s.window, false), s.samples, s.in, s.out, shared_),
        back_(tiling(s.window, true), s.samples, s.out, s.in, shared_),
        weights_(plane_of(s.in, s.out)),
        shards_(shared_ || !s.backward ? 1 : std::clamp(ahead_.count, 1, 4)),
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
    own_ = std::max(ahead_.elements(), back_.elements()) * sizeof(Real);
    scratch_bytes = products_ + own_ * static_cast<std::size_t>(shared_ ? 1 : threads()) +
                    planes * weights_ * static_cast<std::size_t>(shards_) * sizeof(Real);
  }

  void forward(const Real* x, const Real* w, const Real* bias, Real* y, std::byte* scratch) const override {
    run(ahead_, forward_, x, w, bias, y, scratch);
  }

  void backward_input(const Real* dy, const Real* w, Real* dx, std::byte* scratch) const override {
    run(back_, input_, dy, w, nullptr, dx, scratch);
  }

  void backward_weight(const Real* x, const Real* dy, bool add, Real* dw, std::byte* scratch) const override {
    const std::size_t shard_size = planes * weights_;
    each_group(shards_, [&](std::ptrdiff_t shard) {
      Real *in = own(scratch), *out = in + planes * ahead_.in_plane;
      Real* sums = kernels(scratch) + static_cast<std::size_t>(shard) * shard_size;
      const int begin_group = part_begin(ahead_.count, shards_, shard);
      for (int g = begin_group; g < part_begin(ahead_.count, shards_, shard + 1); ++g) {
        const int first = ahead_.begin(g), count = ahead_.begin(g + 1) - first;
        each_chunk(count, s_.in + s_.out, [&](int begin, int tiles) {
          image_.winograd_inputs(ahead_.tiling, x, s_.in, first + begin, tiles,
                                 in + std::ptrdiff_t{begin} * s_.in, ahead_.in_plane);
          image_.winograd_gradients(ahead_.tiling, dy, s_.out, first + begin, tiles,
                                    out + std::ptrdiff_t{begin} * s_.out, ahead_.out_plane);
        });
        each_plane(count, [&](std::size_t p) {
          (g == begin_group ? weight_ : weight_add_)
              .of(count)
              .run(in + p * ahead_.in_plane, out + p * ahead_.out_plane, nullptr, sums + p * weights_,
                   scratch);
        });
      }
    });
    parallel(s_.in, 100.0 * s_.in * s_.out, [&](std::ptrdiff_t i) {
      image_.winograd_weight_gradients(kernels(scratch), weights_, shards_, shard_size, s_.in, s_.out,
                                       static_cast<int>(i), add, dw);
    });
  }

 private:
  /// y of x: the groups' own tiling says which of the two are inputs and which gradients.
  void run(const Groups& groups, const TileProducts& products, const Real* x, const Real* w, const Real* bias,
           Real* y, std::byte* scratch) const {
    parallel(s_.in, 40.0 * s_.in * s_.out, [&](std::ptrdiff_t i) {
      image_.winograd_weights(w, s_.in, s_.out, static_cast<int>(i), &groups == &back_, kernels(scratch),
                              weights_);
    });
    each_group(groups.count, [&](std::ptrdiff_t g) {
      Real *in = own(scratch), *out = in + planes * groups.in_plane;
      const int first = groups.begin(g), count = groups.begin(g + 1) - first;
      each_chunk(count, groups.in, [&](int begin, int tiles) {
        image_.winograd_inputs(groups.tiling, x, groups.in, first + begin, tiles,
                               in + std::ptrdiff_t{begin} * groups.in, groups.in_plane);
      });
      each_plane(count, [&](std::size_t p) {
        products.of(count).run(in + p * groups.in_plane, kernels(scratch) + p * weights_, nullptr,
                               out + p * groups.out_plane, scratch);
      });
      each_chunk(count, groups.out, [&](int begin, int tiles) {
        image_.winograd_outputs(groups.tiling, out + std::ptrdiff_t{begin} * groups.out, groups.out_plane,
                                bias, groups.out, first + begin, tiles, y);
      });
    });
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
  Real* kernels(std::byte* scratch) const { return reinterpret_cast<Real*>(scratch + products_); }
  Real* own(std::byte* scratch) const {
    const std::size_t kernels_bytes = planes * weights_ * static_cast<std::size_t>(shards_) * sizeof(Real);
    return reinterpret_cast<Real*>(scratch + products_ + kernels_bytes +
                                   own_ * static_cast<std::size_t>(shared_ ? 0 : thread_index()));
  }

  ConvolutionShape s_;
  const ImageKernels& image_;
  bool shared_;  // threads share each group
  Groups ahead_, back_;
  std::size_t weights_;  // of a plane of kernels
  int shards_;
  TileProducts forward_, input_, weight_, weight_add_;
  std::size_t products_ = 0, own_ = 0;  // bytes of scratch
};

}  // namespace

bool suits_winograd(const ConvolutionShape& s) {
  const auto plain = [](const Slide& a) {
    return a.kernel == 3 && a.stride == 1 && a.dilation == 1 && a.before <= 2 && a.after <= 2;
  };
  return plain(s.window.rows) && plain(s.window.columns) && s.groups == 1;
}

std::unique_ptr<Convolution> prepare_winograd_convolution(const ConvolutionShape& shape,
                                                          const ImageKernels& kernels) {
  return std::make_unique<WinogradConvolution>(shape, kernels);
}

}  // namespace bpnet::math
